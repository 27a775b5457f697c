// Postman, "Dynamic variables", and the like of .http files, with what is the same here.
const dynamic: Readonly<Record<string, string>> = {
  $guid: '{%uuid%}',
  $randomUUID: '{%uuid%}',
  $uuid: '{%uuid%}',
  $timestamp: '{%timestamp%}',
  $isoTimestamp: '{%now%}',
  '$random.uuid': '{%uuid%}',
}

/** A value of another tool's file as text: names and values there may be numbers, or missing. */
export function asText(value: unknown): string {
  if (typeof value === 'string') return value
  return value === null || value === undefined
    ? ''
    : typeof value === 'object'
      ? JSON.stringify(value)
      : String(value)
}

/** Translates `{{…}}` of another tool: its dynamic values, names that are no names here. */
export class TokenTranslator {
  readonly notes: Set<string> = new Set()
  /** Original names by the names that replace them. */
  readonly renamed: Map<string, string> = new Map()

  /** A text with its tokens translated; `{%` of the text itself is made literal. */
  text(value: unknown): string {
    return asText(value)
      .replaceAll('{%', '\\{%')
      .replace(/\{\{\s*([^{}]+?)\s*\}\}/g, (_token, name: string) => this.token(name))
  }

  /** The token for a name. */
  token(name: string): string {
    const known = dynamic[name]
    if (known !== undefined) return known
    if (name.startsWith('$')) {
      this.notes.add(`{{${name}}} has no counterpart here. Set the variable ${this.name(name)}.`)
      return `{{${this.name(name)}}}`
    }
    return `{{${this.name(name)}}}`
  }

  /** A name that can stand in a token: letters, digits, `_`, `-`. */
  name(name: string): string {
    const own = name
      .trim()
      .replace(/[^\p{L}\p{N}_-]+/gu, '_')
      .replace(/^(?=[\p{N}-])/u, '_')
      .replace(/^_+(?=\p{L})/u, '')
    if (own !== name) this.renamed.set(own, name)
    return own
  }
}
