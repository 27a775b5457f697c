import type { TokenTranslator } from '../imported/tokens.ts'

/** What stands before a request line. */
export interface Head {
  readonly name: string | undefined
  /** The line of the request, if there is one. */
  readonly position: number
  /** Whether a script runs before the request. */
  readonly script: boolean
  readonly disabled: boolean
  readonly notes: readonly string[]
}

// They say how the tool behaves, not what is sent.
const silent =
  /^(?:title|description|note|no-log|no-redirect|no-cookie-jar|no-client-cert|no-auto-encoding|no-response-view|save|openWith|extension|keepStreaming|grpc-reflection|timeout|connection-timeout|debug|verbose|tag)$/i

const lastOf = (lines: readonly string[], from: number, end: RegExp): number => {
  for (let position = from; position < lines.length; position += 1)
    if (end.test(lines[position] as string)) return position
  return lines.length - 1
}

/** Reads comments, names, variables and scripts before a request line; adds to `variables`. */
export function readHead(
  lines: readonly string[],
  variables: Record<string, string>,
  translator: TokenTranslator,
): Head {
  const notes: string[] = []
  let name: string | undefined
  let script = false
  let disabled = false
  let position = 0
  for (; position < lines.length; position += 1) {
    const line = (lines[position] as string).trim()
    const [, directive, value = ''] = /^(?:#|\/\/)\s*@([\w-]+)[\s=]*(.*)$/.exec(line) ?? []
    const variable = /^@([^\s=]+)\s*:?=\s*(.*)$/.exec(line)
    if (directive === 'name') name = value.trim()
    else if (directive === 'disabled') disabled = true
    else if (directive === 'prompt')
      notes.push(`The file asks for "${value.split(/\s/, 1)[0]}" when it runs: set that variable.`)
    else if (directive !== undefined) {
      if (!silent.test(directive)) notes.push(`"@${directive} ${value}" has no counterpart here.`)
    } else if (variable)
      variables[translator.name(variable[1] as string)] = translator.text(variable[2] as string)
    else if (/^<\s/.test(line)) {
      script = true
      if (/\{%/.test(line)) position = lastOf(lines, position, /%\}/)
    } else if (/^\{\{(?:[@+]\w+)?\s*$/.test(line)) {
      // A block of httpyac, which runs at its place.
      if (!/^\{\{[@+](?:response|after|streaming)/.test(line)) script = true
      else notes.push('A script that runs after the request was left out.')
      position = lastOf(lines, position, /^\s*\}\}\s*$/)
    } else if (line !== '' && !/^(?:#|\/\/)/.test(line)) break
  }
  return { name, position, script, disabled, notes }
}
