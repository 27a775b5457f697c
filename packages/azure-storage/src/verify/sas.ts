import { askOption } from '@ez/core/received'
import type { ExpectedSas } from './expected-sas.ts'
import type { VerifiedSas, VerifyAzureStorageOptions } from './options.ts'
import type { Received } from './received.ts'
import { refusal } from './refusal.ts'
import type { Served } from './served.ts'

type Of = (name: string) => string

/** What a shared access signature says, held against the request as far as the request tells. */
export async function checkedSas(
  received: Received,
  expected: ExpectedSas,
  served: Served,
  options: VerifyAzureStorageOptions,
  of: Of,
): Promise<VerifiedSas> {
  const { resource } = expected
  const given = (name: string): string | undefined => of(name) || undefined
  const identifier = given('si')
  const policy =
    identifier === undefined || !options.policyFor
      ? undefined
      : await askOption('verify azure-storage', 'policyFor', () =>
          options.policyFor?.(identifier, resource ?? ''),
        )
  if (identifier !== undefined && options.policyFor && policy === undefined)
    throw refusal('EZ_KEY_UNKNOWN', `there is no stored access policy "${identifier}".`)
  checkRequest(received, served, options, of)
  const named = (names: readonly string[]): Record<string, string> =>
    Object.fromEntries(names.filter((name) => of(name) !== '').map((name) => [name, of(name)]))
  return {
    permissions: of('sp') || (policy?.permissions ?? ''),
    resource,
    resourceKind: of('sr'),
    instant: given(of('sr') === 'bv' ? 'versionid' : of('sr') === 'bs' ? 'snapshot' : ''),
    startsOn: instantOf('st', of) ?? policy?.startsOn,
    expiresOn: instantOf('se', of) ?? policy?.expiresOn,
    identifier,
    ip: given('sip'),
    protocol: given('spr'),
    services: given('ss'),
    resourceTypes: given('srt'),
    encryptionScope: given('ses'),
    keyRange: named(['spk', 'srk', 'epk', 'erk']),
    responseHeaders: renamed(named(Object.keys(headerNames))),
  }
}

/**
 * Refuses a parameter of shared access signatures that this one does not sign: the service would not know it, and a
 * handler might go by it.
 *
 * @throws EZ_AUTHORIZATION_INVALID
 */
export function checkUnsigned(
  parameters: ReadonlyMap<string, string>,
  { signedParameters }: ExpectedSas,
): void {
  const known = new Set([...signedParameters, 'sig', 'snapshot', 'versionid'])
  for (const [name, value] of parameters)
    if (value !== '' && !known.has(name))
      throw refusal('EZ_AUTHORIZATION_INVALID', `the signature does not cover the parameter ${name}.`)
}

/** @throws EZ_SIGNATURE_EXPIRED, EZ_CLOCK_SKEW, EZ_AUTHORIZATION_INVALID for one that would never end */
export function checkTimes({ startsOn, expiresOn, identifier }: VerifiedSas, now: Date): void {
  if (expiresOn === undefined && identifier === undefined)
    throw refusal(
      'EZ_AUTHORIZATION_INVALID',
      'the parameter se, which says until when the signature holds, is missing.',
    )
  if (expiresOn !== undefined && now.getTime() > expiresOn.getTime())
    throw refusal('EZ_SIGNATURE_EXPIRED', `the signature held until ${expiresOn.toISOString()}.`)
  if (startsOn !== undefined && now.getTime() < startsOn.getTime())
    throw refusal('EZ_CLOCK_SKEW', `the signature holds only from ${startsOn.toISOString()}.`, {
      clockOffsetMs: now.getTime() - startsOn.getTime(),
    })
}

const headerNames: Readonly<Record<string, string>> = {
  rscc: 'cache-control',
  rscd: 'content-disposition',
  rsce: 'content-encoding',
  rscl: 'content-language',
  rsct: 'content-type',
}

function renamed(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [headerNames[name] ?? name, value]),
  )
}

function instantOf(name: string, of: Of): Date | undefined {
  const text = of(name)
  if (text === '') return undefined
  // A day, or an instant to the minute, second or a fraction of it, in UTC.
  const known = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,7})?)?(Z|[+-]\d\d:\d\d))?$/.test(text)
  const date = new Date(known ? text : Number.NaN)
  if (!Number.isNaN(date.getTime())) return date
  throw refusal('EZ_AUTHORIZATION_INVALID', `${name} is no instant.`)
}

function checkRequest(
  { url, query }: Received,
  served: Served,
  options: VerifyAzureStorageOptions,
  of: Of,
): void {
  if (of('spr') === 'https' && url.protocol !== 'https:') throw beyond('it holds for https only')
  if (options.clientAddress !== undefined && of('sip') !== '' && !isWithin(options.clientAddress, of('sip')))
    throw beyond('it holds for other addresses')
  if (of('srt') === '') return
  if (served.isTold && !of('ss').includes(served.service.charAt(0)))
    throw beyond(`it does not hold for the service ${served.service}`)
  const level = levelOf(served, new Map(query.map(([name, value]) => [name.toLowerCase(), value])))
  if (level !== undefined && !of('srt').includes(level))
    throw beyond(`it does not hold for resources of type ${level}`)
}

/** `s`, `c` or `o`, where the URL tells: of blobs and queues. */
function levelOf({ service, ownPath }: Served, query: ReadonlyMap<string, string>): string | undefined {
  if (service !== 'blob' && service !== 'queue') return undefined
  const names = ownPath.split('/').filter((name) => name !== '')
  if (names.length === 0) return query.get('restype') === 'container' ? 'c' : 's'
  if (names.length > 1) return 'o'
  // A blob of the root container has one name as well.
  return service === 'queue' || query.get('restype') === 'container' ? 'c' : undefined
}

function isWithin(address: string, range: string): boolean {
  const [first = '', last = first] = range.split('-')
  const [at, from, to] = [address, first, last].map(numberOf)
  return at !== undefined && from !== undefined && to !== undefined && from <= at && at <= to
}

function numberOf(address: string): number | undefined {
  const parts = address
    .replace(/^::ffff:/i, '')
    .split('.')
    .map((part) => (/^\d{1,3}$/.test(part) ? Number(part) : 256))
  if (parts.length !== 4 || parts.some((part) => part > 255)) return undefined
  return parts.reduce((total, part) => total * 256 + part, 0)
}

function beyond(why: string): Error {
  return refusal('EZ_SCOPE_MISMATCH', `the signature is right, but ${why}.`)
}
