import type { GivenOption } from './arguments.ts'

/** The options of one operation, by their names. */
export class Given {
  /** In the order in which they stand. */
  readonly all: readonly GivenOption[]

  constructor(all: readonly GivenOption[]) {
    this.all = all
  }

  has(name: string): boolean {
    return this.all.some((option) => option.name === name)
  }

  values(name: string): string[] {
    return this.all.filter((option) => option.name === name).map(({ value }) => value)
  }

  /** The value that counts when an option comes again. */
  last(name: string): string | undefined {
    return this.values(name).at(-1)
  }
}
