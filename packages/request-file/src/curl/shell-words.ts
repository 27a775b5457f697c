import { EzError } from '@ez/core'
import { ansiQuoted, doubleQuoted, unclosed } from './shell-quotes.ts'

/** A command of a shell, and what it reads on its standard input where the text holds that. */
export interface ShellCommand {
  /** The program and its arguments. */
  readonly words: string[]
  /** The text of a here-document or a here-string. */
  readonly stdin?: string
  /** The file that `<` names. */
  readonly stdinFile?: string
}

interface Heredoc {
  readonly word: string
  readonly tabs: boolean
  readonly command: Building
}
interface Building {
  words: string[]
  stdin?: string
  stdinFile?: string
}

/**
 * Splits the text of a POSIX shell into commands and words: quotes, `$'…'`, backslashes, continued lines, comments,
 * redirections and here-documents.
 *
 * Nothing is expanded. What a pipe leads to is left out. Also what browsers copy for cmd.exe (`^"`) is read.
 *
 * @param expanded - told what the shell would have replaced: `$NAME`, `$(…)`, backticks
 * @throws EZ_IMPORT_INVALID for a quote that is not closed
 */
export function shellCommands(command: string, expanded: (expansion: string) => void): ShellCommand[] {
  const forCmd = isForCmd(command)
  return new Splitter(forCmd ? fromCmd(command) : command, forCmd ? () => {} : expanded).commands()
}

class Splitter {
  readonly #text: string
  readonly #expanded: (expansion: string) => void
  readonly #all: Building[] = []
  #command: Building = { words: [] }
  #piped = false
  #word: string | undefined
  #redirection: '<' | '>' | '<<<' | '<<' | '<<-' | undefined
  #heredocs: Heredoc[] = []
  #position = 0

  constructor(text: string, expanded: (expansion: string) => void) {
    this.#text = text
    this.#expanded = expanded
  }

  commands(): ShellCommand[] {
    while (this.#position < this.#text.length) this.#step()
    this.#endCommand()
    return this.#all
  }

  #step(): void {
    const text = this.#text
    const character = text[this.#position] as string
    if (character === '\n') {
      this.#endWord()
      this.#position += 1
      if (this.#heredocs.length > 0) this.#readHeredocs()
      // A line that starts with an option goes on with the command, though its backslash was lost.
      if (!/^[ \t]*-/.test(text.slice(this.#position))) this.#endCommand()
    } else if (/\s/.test(character)) {
      this.#endWord()
      this.#position += 1
    } else if (character === '#' && this.#word === undefined) this.#position = this.#lineEnd()
    else if (/[;|&]/.test(character) && !/^&>/.test(text.slice(this.#position))) {
      this.#endCommand()
      if (character === '|' && text[this.#position + 1] !== '|') this.#piped = true
      this.#position += 1
    } else if (!this.#redirect()) this.#addTo(character)
  }

  #addTo(character: string): void {
    const text = this.#text
    if (character === "'") {
      const end = text.indexOf("'", this.#position + 1)
      if (end < 0) throw unclosed()
      this.#add(text.slice(this.#position + 1, end), end + 1)
    } else if (character === '$' && text[this.#position + 1] === "'")
      this.#add(...ansiQuoted(text, this.#position + 2))
    else if (character === '"') {
      const [part, end] = doubleQuoted(text, this.#position + 1)
      this.#tell(text.slice(this.#position + 1, end - 1))
      this.#add(part, end)
    } else if (character === '\\') {
      const next = /^\r?\n/.exec(text.slice(this.#position + 1, this.#position + 3))
      if (next) this.#position += 1 + next[0].length
      else this.#add(text[this.#position + 1] ?? '', this.#position + 2)
    } else {
      if (/[$`]/.test(character)) this.#tell(text.slice(this.#position).split(/[\s'";|&]/, 1)[0] as string)
      this.#add(character, this.#position + 1)
    }
  }

  #add(part: string, end: number): void {
    this.#word = (this.#word ?? '') + part
    this.#position = end
  }

  #redirect(): boolean {
    const found = /^(?:&>>?|[0-9]?>>?(?:&[0-9-])?|<<<|<<-?|[0-9]?<)/.exec(this.#text.slice(this.#position))
    if (!found || (this.#word !== undefined && /^[0-9]/.test(found[0]))) return false
    this.#endWord()
    this.#position += found[0].length
    // `2>&1` names no file.
    if (/&[0-9-]$/.test(found[0])) return true
    this.#redirection = /<<-$|<<<$|<<$|<$/.exec(found[0]) ? (found[0].replace(/^[0-9]/, '') as '<') : '>'
    return true
  }

  #endWord(): void {
    const word = this.#word
    this.#word = undefined
    if (word === undefined) return
    const redirection = this.#redirection
    this.#redirection = undefined
    if (redirection === undefined) this.#command.words.push(word)
    else if (redirection === '<') this.#command.stdinFile = word
    else if (redirection === '<<<') this.#command.stdin = `${word}\n`
    else if (redirection !== '>')
      this.#heredocs.push({ word, tabs: redirection === '<<-', command: this.#command })
  }

  #endCommand(): void {
    this.#endWord()
    if (this.#command.words.length > 0 && !this.#piped) this.#all.push(this.#command)
    if (this.#command.words.length > 0) this.#piped = false
    this.#command = { words: [] }
  }

  #readHeredocs(): void {
    for (const { word, tabs, command } of this.#heredocs) {
      const lines: string[] = []
      for (;;) {
        if (this.#position >= this.#text.length)
          throw new EzError(
            'EZ_IMPORT_INVALID',
            `The here-document does not end: there is no line "${word}".`,
          )
        const end = this.#lineEnd()
        const line = this.#text.slice(this.#position, end).replace(/\r$/, '')
        this.#position = end + 1
        const shown = tabs ? line.replace(/^\t+/, '') : line
        if (shown === word) break
        lines.push(`${shown}\n`)
      }
      command.stdin = lines.join('')
      this.#tell(command.stdin)
    }
    this.#heredocs = []
  }

  #lineEnd(): number {
    const end = this.#text.indexOf('\n', this.#position)
    return end < 0 ? this.#text.length : end
  }

  #tell(text: string): void {
    for (const [whole, escaped] of text.matchAll(/(\\)?(?:\$(?:[A-Za-z_]\w*|\{[^}]*\}|\([^)]*\))|`[^`]*`)/g))
      if (escaped === undefined) this.#expanded(whole)
  }
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
