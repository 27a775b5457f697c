import type { Covers } from '@ez/core/received'
import type { Notes, Value } from '../run/run.ts'

/** Notes which parts of a request each text is made of. */
export class CoverNotes implements Notes {
  readonly #stages = new Map<number, ReadonlySet<string>>()
  #current = new Set<string>()
  #isAside = false

  note(part: string): void {
    if (!this.#isAside) this.#current.add(part)
  }

  stage(index: number, read: () => Value): Value {
    const [outer, before] = [this.#current, this.#isAside]
    // Also where it only decides: it may stand in a text later.
    this.#isAside = false
    this.#current = new Set(this.#stages.get(index))
    try {
      return read()
    } finally {
      this.#stages.set(index, this.#current)
      this.#isAside = before
      if (!before) for (const part of this.#current) outer.add(part)
      this.#current = outer
    }
  }

  aside<Result>(read: () => Result): Result {
    const before = this.#isAside
    this.#isAside = true
    try {
      return read()
    } finally {
      this.#isAside = before
    }
  }

  /** The parts that are read within. */
  of(read: () => unknown): ReadonlySet<string> {
    const outer = this.#current
    this.#current = new Set()
    try {
      read()
      return this.#current
    } finally {
      this.#current = outer
    }
  }
}

/** What noted parts cover of a request. */
export function coversOf(
  parts: ReadonlySet<string>,
  present: readonly string[],
  bodyLength: number,
  written: readonly string[],
): Covers {
  const named = (kind: string): string[] =>
    [...parts].filter((part) => part.startsWith(`${kind}:`)).map((part) => part.slice(kind.length + 1))
  const headers = [...new Set([...named('header'), ...written])].filter((name) => present.includes(name))
  const [cut] = named('body').map(Number)
  // A body that is as long as what is signed of it may have been longer.
  const first = cut === undefined ? 'none' : bodyLength < cut ? 'all' : { bytes: cut }
  return {
    method: parts.has('method'),
    host: parts.has('host') || parts.has('header:host'),
    path: parts.has('path'),
    query: parts.has('query') ? 'all' : named('query').sort(),
    headers: headers.sort(),
    body: parts.has('body') ? 'all' : first,
  }
}
