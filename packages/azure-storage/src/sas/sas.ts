import type { Pairs } from '@ez/core'
import type { SasOptions } from '../options.ts'

/** A shared access signature without `sig`: what is signed, and the query parameters. */
export interface Sas {
  readonly stringToSign: string
  readonly parameters: Pairs
}

/** What every shared access signature is made of. */
export interface SasInput {
  readonly accountName: string
  readonly version: string
  readonly sas: SasOptions
  /** Milliseconds since 1970. */
  readonly now: number
}

const commonNames = 'sv ss srt sr st se sp si sip spr sdd sig tn spk srk epk erk'.split(' ')
const delegationNames = 'skoid sktid skt ske sks skv'.split(' ')

/** The parameters of response headers, by the names of the options. */
export const responseHeaderNames = {
  cacheControl: 'rscc',
  contentDisposition: 'rscd',
  contentEncoding: 'rsce',
  contentLanguage: 'rscl',
  contentType: 'rsct',
} as const

/** The query names that a shared access signature with these options may write. */
export function writtenNames({ encryptionScope, responseHeaders = {} }: SasOptions): readonly string[] {
  const names = (Object.keys(responseHeaders) as (keyof typeof responseHeaderNames)[]).map(
    (name) => responseHeaderNames[name],
  )
  return [...commonNames, ...delegationNames, ...(encryptionScope === undefined ? [] : ['ses']), ...names]
}

/**
 * Start and end, to the second. Under a stored access policy the end may be the policy's.
 *
 * Source: Microsoft Learn, "Create a service SAS", specify the validity period.
 */
export function timesOf(
  { expiresIn, startsIn, identifier }: SasOptions,
  now: number,
): { start: string; end: string } {
  const at = (seconds: number): string => new Date(now + seconds * 1000).toISOString().replace(/\.\d+Z$/, 'Z')
  const lasts = expiresIn ?? (identifier === undefined ? 900 : undefined)
  return {
    start: startsIn === undefined ? '' : at(startsIn),
    end: lasts === undefined ? '' : at(lasts),
  }
}

/** The pairs that have a value. */
export function filled(pairs: Pairs): Pairs {
  return pairs.filter(([, value]) => value !== '')
}
