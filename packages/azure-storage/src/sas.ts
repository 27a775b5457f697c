import { EzError } from '@ez/core'
import { targetOf } from './canonical-resource.ts'
import type { SasOptions } from './options.ts'

/** A shared access signature without `sig`: what is signed, and the query parameters. */
export interface Sas {
  readonly stringToSign: string
  readonly parameters: readonly (readonly [name: string, value: string])[]
}

/** The query names that shared access signatures may write. */
export const sasNames: readonly string[] = [
  'sv',
  'ss',
  'srt',
  'sr',
  'st',
  'se',
  'sp',
  'si',
  'sip',
  'spr',
  'sig',
]

interface SasInput {
  readonly accountName: string
  readonly version: string
  readonly sas: SasOptions
  /** Milliseconds since 1970. */
  readonly now: number
}

/**
 * A signature for a whole account; it covers neither method nor URL.
 *
 * Source: Microsoft Learn, "Create an account SAS", version 2020-12-06 and later.
 */
export function createAccountSas({ accountName, version, sas, now }: SasInput): Sas {
  const { permissions, services = 'bq', resourceTypes = 'sco', ip = '', protocol = 'https' } = sas
  const { start, end } = timesOf(sas, now)
  // The line before the last is the encryption scope, which is not offered.
  const lines = [accountName, permissions, services, resourceTypes, start, end, ip, protocol, version, '', '']
  return {
    stringToSign: lines.join('\n'),
    parameters: filled([
      ['sv', version],
      ['ss', services],
      ['srt', resourceTypes],
      ['st', start],
      ['se', end],
      ['sp', permissions],
      ['sip', ip],
      ['spr', protocol],
    ]),
  }
}

/**
 * A signature for one container, blob or queue: the one that the URL names.
 *
 * Source: Microsoft Learn, "Create a service SAS", version 2020-12-06 and later.
 *
 * @throws EZ_AZURE_RESOURCE_UNKNOWN
 */
export function createServiceSas(input: SasInput, url: string): Sas {
  const { version, sas, now } = input
  const { permissions, identifier = '', ip = '', protocol = 'https' } = sas
  const { start, end } = timesOf(sas, now)
  const { service, resource, path } = resourceOf(input, url)
  const lines = [permissions, start, end, path, identifier, ip, protocol, version]
  // Of blobs also: resource, snapshot, encryption scope and five response headers.
  if (service === 'blob') lines.push(resource, '', '', '', '', '', '', '')
  return {
    stringToSign: lines.join('\n'),
    parameters: filled([
      ['sv', version],
      ['sr', service === 'blob' ? resource : ''],
      ['st', start],
      ['se', end],
      ['sp', permissions],
      ['si', identifier],
      ['sip', ip],
      ['spr', protocol],
    ]),
  }
}

function resourceOf(
  { accountName, sas }: SasInput,
  url: string,
): { service: string; resource: string; path: string } {
  const { host, path } = targetOf(url)
  const hostPrefix = `${accountName}.`
  const isEmulator = !host.startsWith(hostPrefix)
  const service =
    sas.service ?? (isEmulator ? undefined : /^(blob|queue)\./.exec(host.slice(hostPrefix.length))?.[1])
  const own = decodedPath(isEmulator ? path.replace(`/${accountName}/`, '/') : path)
  const [container = '', ...names] = own.slice(1).split('/')
  if (service === undefined || container === '')
    throw new EzError(
      'EZ_AZURE_RESOURCE_UNKNOWN',
      `azure-storage: ${service === undefined ? `the host ${host} does not tell the service. Give sas.service` : 'the URL names no container or queue'}.`,
    )
  if (service === 'queue') return { service, resource: '', path: `/queue/${accountName}/${container}` }
  const isContainer = sas.resource === undefined ? names.join('/') === '' : sas.resource === 'container'
  const name = isContainer ? container : [container, ...names].join('/')
  return { service, resource: isContainer ? 'c' : 'b', path: `/blob/${accountName}/${name}` }
}

function decodedPath(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    throw new EzError(
      'EZ_AZURE_RESOURCE_UNKNOWN',
      'azure-storage: the path is not UTF-8, and names no container, blob or queue. Encode the name as UTF-8.',
    )
  }
}

function timesOf({ expiresIn = 900, startsIn }: SasOptions, now: number): { start: string; end: string } {
  const at = (seconds: number): string => new Date(now + seconds * 1000).toISOString().replace(/\.\d+Z$/, 'Z')
  return { start: startsIn === undefined ? '' : at(startsIn), end: at(expiresIn) }
}

function filled(pairs: readonly (readonly [string, string])[]): readonly (readonly [string, string])[] {
  return pairs.filter(([, value]) => value !== '')
}
