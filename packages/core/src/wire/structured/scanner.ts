import { EzError } from '../../base/error.ts'

/** The text of a field, read once from start to end. */
export class Scanner {
  readonly #text: string
  #position = 0

  constructor(text: string) {
    this.#text = text
  }

  get isAtEnd(): boolean {
    return this.#position >= this.#text.length
  }

  /** The next character; empty at the end. */
  peek(): string {
    return this.#text.charAt(this.#position)
  }

  /** Takes the next character if it is this one. */
  take(character: string): boolean {
    if (this.peek() !== character || character === '') return false
    this.#position += 1
    return true
  }

  /** Takes what a sticky pattern matches here; `undefined` when it does not match. */
  match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#position
    const found = pattern.exec(this.#text)?.[0]
    if (found !== undefined) this.#position += found.length
    return found
  }

  /** The refusal of what stands here; it never shows the text, which may be secret. */
  refuse(problem: string): EzError {
    return new EzError(
      'EZ_HEADER_INVALID',
      `structured field: ${problem}, at character ${this.#position + 1}.`,
    )
  }
}
