import { longNames, options } from './options.ts'

/** An option of a command line, in the order in which it stands. */
export interface GivenOption {
  /** The long name, or the letter of one that is not known. */
  readonly name: string
  /** As it was written. */
  readonly raw: string
  /** Empty for an option that takes none. */
  readonly value: string
}

/** What curl does in one operation: options and URLs up to `--next`. */
export interface Operation {
  readonly given: GivenOption[]
  /** URLs, by `--url` or without a name. */
  readonly urls: string[]
}

/** Reads the arguments of curl by its own rules: letters together, values attached, names cut short, `--next`. */
export function readArguments(words: readonly string[]): Operation[] {
  const operations: Operation[] = [{ given: [], urls: [] }]
  let onlyUrls = false
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] as string
    const { given, urls } = operations.at(-1) as Operation
    const next = (): string => {
      index += 1
      return words[index] ?? ''
    }
    const add = (name: string, raw: string, value: string): void => {
      if (name === 'next') operations.push({ given: [], urls: [] })
      else if (name === 'url') urls.push(value)
      else given.push({ name, raw, value })
    }
    if (onlyUrls || !/^-./.test(word)) urls.push(word)
    else if (word === '--') onlyUrls = true
    else if (word.startsWith('--')) {
      const [, written = '', attached] = /^--([^=]+)(?:=(.*))?$/s.exec(word) ?? []
      const name = wholeName(written)
      const takesValue = options.get(name)?.type === 'string'
      add(name, `--${written}`, takesValue ? (attached ?? next()) : '')
    } else
      for (let at = 1; at < word.length; at += 1) {
        const letter = word[at] as string
        const name = longNames.get(letter) ?? letter
        const takesValue = options.get(name)?.type === 'string'
        const rest = word.slice(at + 1)
        add(name, `-${letter}`, takesValue ? (rest === '' ? next() : rest) : '')
        if (takesValue) break
      }
  }
  return operations
}

// A name may be cut short as long as it says which one is meant.
function wholeName(written: string): string {
  if (options.has(written)) return written
  const fitting = [...options.keys()].filter((name) => name.startsWith(written))
  return fitting.length === 1 ? (fitting[0] as string) : written
}
