/** A script as it was given, checked and read. */
export interface LoadedScript {
  readonly source: string
  readonly file: string
  readonly module: boolean
  readonly parameters: Readonly<Record<string, unknown>>
  readonly timeoutMs: number
  readonly memoryMb: number
  readonly hosts: readonly string[] | undefined
}
