// Values that both have, by their names there. Source: Postman, "Dynamic variables".
const dynamic: Readonly<Record<string, string>> = {
  $guid: '{%uuid%}',
  $randomUUID: '{%uuid%}',
  $timestamp: '{%timestamp%}',
  $isoTimestamp: '{%now%}',
}
const dynamicNames = new Map(Object.entries(dynamic).map(([name, token]) => [token, name]))

const tokens = /\{\{\s*([^{}]+?)\s*\}\}/g

/** The name by which a template asks for a variable of Postman: letters, digits, `_`, `-`. */
export const templateName = (name: string): string =>
  name
    .trim()
    .replace(/[^\p{L}\p{N}_-]+/gu, '_')
    .replace(/^(?=[\p{N}-])/u, '_')
    .replace(/^_+(?=\p{L})/u, '')

/** A text of a template as a script of Postman sees it. */
export const postmanText = (text: string): string =>
  text.replace(/\\(?=\{\{|\{%)/g, '').replace(/\{%\s*(\w+)\s*%\}/g, (token, name: string) => {
    const known = dynamicNames.get(`{%${name}%}`)
    return known === undefined ? token : `{{${known}}}`
  })

/**
 * Texts that a script left, as texts of a template. What was a token of the template, or stands in a script, is one;
 * anything else is literal: it may come from an answer.
 */
export class WrittenTokens {
  readonly #ofTemplate = new Set<string>()
  readonly #ofScripts = new Set<string>()

  constructor(template: string, scripts: readonly string[]) {
    for (const [token] of template.matchAll(/\{%[^%{}]*%\}/g)) this.#ofTemplate.add(token)
    for (const [, inner] of template.matchAll(tokens)) this.#ofTemplate.add(inner as string)
    for (const source of scripts)
      for (const [, inner] of source.matchAll(tokens)) this.#ofScripts.add(inner as string)
  }

  /** A text that a script left, in the words of a template. */
  text(value: string): string {
    return value.replace(/\{%[^%{}]*%\}|\{%|\{\{\s*([^{}]+?)\s*\}\}|\{\{/g, (found, inner?: string) => {
      if (inner === undefined) return this.#ofTemplate.has(found) ? found : `\\${found}`
      if (this.#ofTemplate.has(inner)) return found
      if (Object.hasOwn(dynamic, inner)) return dynamic[inner] as string
      return this.#ofScripts.has(inner) ? `{{${templateName(inner)}}}` : `\\${found}`
    })
  }
}
