/** What is read of a description here; `@ez/signature` checks it, and says what everything means. */
export interface Description {
  readonly id: string
  readonly source?: string
  readonly options?: Readonly<Record<string, unknown>>
  readonly time?: Readonly<Record<string, unknown>>
  readonly lists?: Readonly<Record<string, unknown>>
  readonly stages?: Readonly<Record<string, unknown>>
  readonly signature: unknown
}
