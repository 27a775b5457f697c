import { tokensIn } from '../providers/options.ts'
import type { Definition } from './definition.ts'

/** The names of variables that a definition needs and does not hold itself, without those that it has a default for. */
export function neededVariables({ request }: Definition): string[] {
  const names = new Set<string>()
  for (const token of tokensIn(request)) {
    const [name = ''] = token.split('|', 1)
    if (/\|\s*default\b/.test(token)) continue
    names.add((name.trim().split(/[.[]/, 1)[0] as string).trim())
  }
  for (const name of Object.keys(request.variables ?? {})) names.delete(name)
  return [...names].sort()
}

/** Follows which columns all rows have: a name that each of them gives need not be known to workers. */
export class RowColumns {
  #common: Set<string> | undefined

  add(data: Readonly<Record<string, unknown>>): void {
    if (this.#common === undefined) this.#common = new Set(Object.keys(data))
    else for (const name of this.#common) if (!Object.hasOwn(data, name)) this.#common.delete(name)
  }

  has(name: string): boolean {
    return this.#common?.has(name) === true
  }
}
