import { checkOptions, EzError } from '@ez/core'

/** Where a script may send requests to. */
export interface NetworkGrant {
  /** Host names, with a port where it is not the default one: `api.example.com`, `localhost:8080`. */
  readonly hosts: readonly string[]
}

interface CommonOptions {
  /** Values of this script alone; it reads them as `parameters`. May hold secrets. */
  readonly parameters?: Readonly<Record<string, unknown>>
  /** Milliseconds, waiting included (default 1,000). */
  readonly timeoutMs?: number
  /** Mebibytes that the script may use (default 32). */
  readonly memoryMb?: number
  /** What the script may reach; nothing when left out. */
  readonly allow?: NetworkGrant
}

/** Options of {@link javascriptScript}: the script as text, or the path of its file. */
export type JavascriptScriptOptions = CommonOptions &
  ({ readonly source: string; readonly file?: never } | { readonly file: string; readonly source?: never })

/** @throws EZ_OPTION_INVALID */
export function checkJavascriptOptions(options: JavascriptScriptOptions): void {
  checkOptions('javascript', options, {
    source: 'string?',
    file: 'string?',
    parameters: 'object?',
    timeoutMs: 'number?',
    memoryMb: 'number?',
    allow: 'object?',
  })
  if ((options.source === undefined) === (options.file === undefined))
    throw invalid('give either source or file.')
  checkLimits(options)
  checkGrant(options.allow)
}

/** @throws EZ_OPTION_INVALID */
export function checkLimits({ timeoutMs, memoryMb }: Pick<CommonOptions, 'timeoutMs' | 'memoryMb'>): void {
  if (timeoutMs !== undefined && !(timeoutMs > 0 && timeoutMs <= 300_000))
    throw invalid('option timeoutMs must be above 0 and at most 300,000.')
  if (memoryMb !== undefined && !(memoryMb >= 1 && memoryMb <= 512))
    throw invalid('option memoryMb must be from 1 to 512.')
}

/** @throws EZ_OPTION_INVALID */
export function checkGrant(allow: NetworkGrant | undefined): void {
  if (allow === undefined) return
  checkOptions('javascript: allow', allow, { hosts: 'array' })
  for (const host of allow.hosts)
    if (!/^[a-z0-9.-]+(?::\d{1,5})?$|^\[[0-9a-f:]+\](?::\d{1,5})?$/.test(host))
      throw invalid(
        'allow.hosts holds host names in lower case, with a port where it is not the default one, and no wildcard.',
      )
}

export function invalid(problem: string): EzError {
  return new EzError('EZ_OPTION_INVALID', `javascript: ${problem}`)
}
