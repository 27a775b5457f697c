import type { Received } from './received.ts'
import { refusal } from './refusal.ts'
import type { Served } from './served.ts'

/** What a shared access signature signs, and for which resource. */
export interface ExpectedSas {
  readonly stringToSign: string
  /** As it is signed; none for an account. */
  readonly resource: string | undefined
  /** The parameters that are signed. */
  readonly signedParameters: readonly string[]
  /** The headers and other parameters that `srh` and `srq` bind. */
  readonly bound: { readonly headers: readonly string[]; readonly query: readonly string[] }
}

type Of = (name: string) => string

const delegation = ['skoid', 'sktid', 'skt', 'ske', 'sks', 'skv']
const responseHeaders = ['rscc', 'rscd', 'rsce', 'rscl', 'rsct']

/** What an account SAS signs. */
export function expectedAccountSas(accountName: string, of: Of): ExpectedSas {
  const version = versionOf(of)
  const names = [
    'sp',
    'ss',
    'srt',
    'st',
    'se',
    'sip',
    'spr',
    'sv',
    ...(version < '2020-12-06' ? [] : ['ses']),
  ]
  return {
    stringToSign: [accountName, ...names.map(of), ''].join('\n'),
    resource: undefined,
    signedParameters: names,
    bound: { headers: [], query: [] },
  }
}

/**
 * What a service SAS or a user delegation SAS signs, by its version, for the resource that the URL names.
 *
 * @throws EZ_AUTHORIZATION_INVALID, EZ_SCOPE_MISMATCH, EZ_REQUEST_INVALID
 */
export function expectedServiceSas(
  accountName: string,
  received: Received,
  { service, ownPath }: Served,
  of: Of,
): ExpectedSas {
  const version = versionOf(of)
  const segments = decodedSegments(ownPath)
  const isTable = of('tn') !== ''
  const isBlob = of('sr') !== ''
  if (isBlob !== (service === 'blob') || isTable !== (service === 'table'))
    throw refusal('EZ_SCOPE_MISMATCH', `the signature is not one for the service ${service}.`)
  const byUser = of('skoid') !== ''
  const bound = boundOf(received, of, byUser && version >= '2026-04-06')
  const resource = isBlob
    ? blobName(accountName, segments, of)
    : isTable
      ? tableName(accountName, segments, of)
      : `/queue/${accountName}/${segments[0]}`
  const head = [of('sp'), of('st'), of('se'), resource]
  const names = ['sp', 'st', 'se', 'sip', 'spr', 'sv', ...(isBlob ? ['sr', 'sdd'] : isTable ? ['tn'] : [])]
  const take = (...taken: string[]): string[] => {
    names.push(...taken)
    return taken.map(of)
  }
  if (byUser) {
    if (!isBlob || version < '2020-02-10')
      throw refusal(
        'EZ_AUTHORIZATION_INVALID',
        `a user delegation SAS of version ${version} is not known here.`,
      )
    head.push(...take(...delegation, 'saoid', 'suoid', 'scid'))
    if (version >= '2025-07-05') head.push(...take('skdutid', 'sduoid'))
  } else head.push(...take('si'))
  head.push(of('sip'), of('spr'), of('sv'))
  if (isBlob) {
    if (version >= '2018-11-09') head.push(of('sr'), of('sr') === 'bv' ? of('versionid') : snapshotOf(of))
    if (version >= '2020-12-06') head.push(...take('ses'))
    if (byUser && version >= '2026-04-06') {
      take('srh', 'srq')
      head.push(bound.headerText, bound.queryText)
    }
    head.push(...take(...responseHeaders))
  }
  if (isTable) head.push(...take('spk', 'srk', 'epk', 'erk'))
  return { stringToSign: head.join('\n'), resource, signedParameters: names, bound }
}

function versionOf(of: Of): string {
  const version = of('sv')
  if (/^\d{4}-\d\d-\d\d$/.test(version) && version >= '2015-04-05') return version
  throw refusal(
    'EZ_AUTHORIZATION_INVALID',
    `the version "${version}" is not known here; the first is 2015-04-05.`,
  )
}

function snapshotOf(of: Of): string {
  return of('sr') === 'bs' ? of('snapshot') : ''
}

function blobName(accountName: string, segments: readonly string[], of: Of): string {
  const [container, ...names] = segments
  const kind = of('sr')
  const whole = names.join('/')
  if (!/^(b|bs|bv|c|d)$/.test(kind))
    throw refusal('EZ_AUTHORIZATION_INVALID', `the resource sr=${kind} is not known here.`)
  if (kind.startsWith('b')) {
    if (of('snapshot') !== '' && of('versionid') !== '')
      throw refusal('EZ_REQUEST_INVALID', 'the URL names a snapshot and a version.')
    const wanted = of('versionid') !== '' ? 'bv' : of('snapshot') !== '' ? 'bs' : 'b'
    if (kind !== wanted)
      throw refusal('EZ_SCOPE_MISMATCH', `the signature is one for sr=${kind}, and the URL is of ${wanted}.`)
    return `/blob/${accountName}/${container}/${whole}`
  }
  if (kind === 'c') return `/blob/${accountName}/${container}`
  // Digits alone: ' 1' and '1e0' are numbers too, and nobody writes them.
  const depth = /^\d{1,4}$/.test(of('sdd')) ? Number(of('sdd')) : 0
  if (depth < 1 || depth > names.length)
    throw refusal(
      'EZ_SCOPE_MISMATCH',
      `the URL is not as deep as the directory of the signature, sdd=${of('sdd')}.`,
    )
  return `/blob/${accountName}/${container}/${names.slice(0, depth).join('/')}`
}

function tableName(accountName: string, segments: readonly string[], of: Of): string {
  const called = (segments[0] ?? '').replace(/\(.*$/s, '').toLowerCase()
  const table = of('tn').toLowerCase()
  if (called !== table) throw refusal('EZ_SCOPE_MISMATCH', 'the signature is one for another table.')
  return `/table/${accountName}/${table}`
}

interface Bound {
  readonly headers: readonly string[]
  readonly query: readonly string[]
  readonly headerText: string
  readonly queryText: string
}

/** What `srh` and `srq` list, with the values that the request has. */
function boundOf({ headers, query }: Received, of: Of, isKnown: boolean): Bound {
  const list = (text: string): string[] => (text === '' ? [] : text.split(','))
  const [headerNames, queryNames] = [list(of('srh')), list(of('srq'))]
  if (!isKnown && headerNames.length + queryNames.length > 0)
    throw refusal('EZ_AUTHORIZATION_INVALID', 'srh and srq belong to a user delegation SAS from 2026-04-06.')
  const values = new Map(query)
  const headerText = headerNames.map((name) => `${name}:${headers.get(name.toLowerCase()) ?? ''}\n`).join('')
  const queryText = queryNames.map((name) => `\n${name}:${values.get(name) ?? ''}`).join('')
  return { headers: headerNames.map((name) => name.toLowerCase()), query: queryNames, headerText, queryText }
}

function decodedSegments(path: string): string[] {
  try {
    const segments = path.split('/').slice(1).map(decodeURIComponent)
    if (!segments.some((segment) => /[\r\n]/.test(segment))) return segments
  } catch {
    throw refusal('EZ_AUTHORIZATION_INVALID', 'the path is not UTF-8.')
  }
  throw refusal(
    'EZ_REQUEST_INVALID',
    'the path holds a line break: two requests would have one string to sign.',
  )
}
