import { EzError } from '@ez/core'

const escapes: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  '0': '\0',
  a: '\u0007',
  b: '\b',
  f: '\f',
  v: '\v',
  e: '\u001b',
}

/**
 * Splits a POSIX shell command into words: quotes, `$'…'`, backslashes, continued lines.
 *
 * Nothing is expanded; a command that ends (`;`, `|`, `&`) ends the list. Also what browsers copy for
 * cmd.exe (`^"`) is read.
 *
 * @param expanded - told what the shell would have replaced: `$NAME`, `$(…)`, backticks
 * @throws EZ_IMPORT_INVALID for a quote that is not closed
 */
export function shellWords(command: string, expanded: (expansion: string) => void = () => {}): string[] {
  const text = isForCmd(command) ? fromCmd(command) : command
  const words: string[] = []
  let word: string | undefined
  let position = 0
  const add = (part: string): void => {
    word = (word ?? '') + part
  }
  while (position < text.length) {
    const character = text[position] as string
    if (/\s/.test(character)) {
      if (word !== undefined) words.push(word)
      word = undefined
      position += 1
    } else if (character === "'") {
      const end = text.indexOf("'", position + 1)
      if (end < 0) throw unclosed()
      add(text.slice(position + 1, end))
      position = end + 1
    } else if (character === '$' && text[position + 1] === "'") {
      const [part, end] = ansiQuoted(text, position + 2)
      add(part)
      position = end
    } else if (character === '"') {
      const [part, end] = doubleQuoted(text, position + 1)
      if (!isForCmd(command)) tellExpansions(text.slice(position + 1, end - 1), expanded)
      add(part)
      position = end
    } else if (character === '\\') {
      const next = text.slice(position + 1).match(/^\r?\n/)
      if (!next) add(text[position + 1] ?? '')
      position += next ? 1 + next[0].length : 2
    } else if (/[;|&]/.test(character)) break
    else {
      if (/[$`]/.test(character))
        tellExpansions(text.slice(position).split(/[\s'";|&]/, 1)[0] as string, expanded)
      add(character)
      position += 1
    }
  }
  if (word !== undefined) words.push(word)
  return words
}

function doubleQuoted(text: string, start: number): [string, number] {
  let part = ''
  for (let position = start; position < text.length; position += 1) {
    const character = text[position] as string
    if (character === '"') return [part, position + 1]
    if (character === '\\' && /["\\$`\n]/.test(text[position + 1] ?? '')) {
      position += 1
      if (text[position] !== '\n') part += text[position]
    } else part += character
  }
  throw unclosed()
}

// Bash, "ANSI-C Quoting": what browsers copy for bodies with line ends or quotes.
function ansiQuoted(text: string, start: number): [string, number] {
  let part = ''
  for (let position = start; position < text.length; position += 1) {
    const character = text[position] as string
    if (character === "'") return [part, position + 1]
    if (character !== '\\') {
      part += character
      continue
    }
    const rest = text.slice(position + 1)
    const code = /^u([0-9a-fA-F]{1,4})|^U([0-9a-fA-F]{1,8})|^x([0-9a-fA-F]{1,2})|^([0-7]{1,3})/.exec(rest)
    if (code) {
      const digits = code[1] ?? code[2] ?? code[3]
      part +=
        digits === undefined
          ? String.fromCharCode(Number.parseInt(code[4] as string, 8))
          : String.fromCodePoint(Number.parseInt(digits, 16))
      position += code[0].length
    } else {
      part += escapes[rest[0] ?? ''] ?? rest[0] ?? ''
      position += 1
    }
  }
  throw unclosed()
}

// Browsers quote for cmd.exe with double quotes alone; where a shell's quote comes first, "^" is text.
function isForCmd(command: string): boolean {
  const [quote = ''] = /\^?["']/.exec(command) ?? []
  return quote === '^"' || (quote === '"' && /\^\r?\n|\^\\\^"/.test(command))
}

// "^" takes its meaning from the next character; before two line ends it keeps one of them.
const fromCmd = (command: string): string =>
  command
    .replace(/\^\r?\n\r?\n/g, '\n')
    .replace(/\^\r?\n/g, ' ')
    .replace(/\^([\s\S])/g, '$1')

function tellExpansions(text: string, expanded: (expansion: string) => void): void {
  for (const [whole, escaped] of text.matchAll(/(\\)?(?:\$(?:[A-Za-z_]\w*|\{[^}]*\}|\([^)]*\))|`[^`]*`)/g))
    if (escaped === undefined) expanded(whole)
}

const unclosed = (): EzError =>
  new EzError('EZ_IMPORT_INVALID', 'The command holds a quote that is not closed. Copy it whole.')
