import { instantOf } from '@ez/core'
import { decodeOctets } from './octets.ts'
import type { Received } from './received.ts'
import { refusal } from './refusal.ts'

/** What a request claims about its signature. */
export interface Claim {
  readonly placement: 'header' | 'query'
  readonly keyId: string
  /** Date, region, service, `aws4_request`; of version 4A without the region. */
  readonly scope: readonly string[]
  /** Of version 4A the set of regions as it was sent; empty when there is none. */
  readonly region: string
  readonly service: string
  /** `YYYYMMDDTHHMMSSZ`, as it stands in the string to sign. */
  readonly amzDate: string
  readonly signedAt: Date
  /** Seconds; presigned requests only. */
  readonly expires?: number
  readonly signedNames: readonly string[]
  readonly signature: string
  readonly sessionToken?: string
  /** The value of `X-Amz-Content-Sha256`, as header or parameter. */
  readonly contentSha256?: string
}

/** How a version of the scheme writes its authorization. */
export interface ClaimForm {
  readonly algorithm: string
  readonly signature: RegExp
  /** Whether the scope names one region; otherwise `x-amz-region-set` names a set. */
  readonly hasRegion: boolean
}

const header =
  /^(AWS4-[A-Z0-9-]+) +Credential=([^,\s]+) *, *SignedHeaders=([^,\s]+) *, *Signature=([0-9a-f]+)$/

/**
 * Reads the claim from the authorization header or from the query.
 *
 * @throws EZ_AUTHORIZATION_MISSING, EZ_AUTHORIZATION_AMBIGUOUS, EZ_AUTHORIZATION_INVALID
 */
export function readClaim(received: Received, form: ClaimForm): Claim {
  const parameters = presignedParameters(received)
  const authorizations = received.headers.get('authorization') ?? []
  const isPresigned = parameters.has('x-amz-algorithm') || parameters.has('x-amz-signature')
  const count = authorizations.flatMap(schemesOf).length
  if (authorizations.length > 1 || count > 1 || (isPresigned && authorizations.length > 0))
    throw refusal('EZ_AUTHORIZATION_AMBIGUOUS', 'there is more than one authorization.')
  if (isPresigned) return readQuery(parameters, received, form)
  if (authorizations[0] === undefined || !authorizations[0].startsWith('AWS4-'))
    throw refusal('EZ_AUTHORIZATION_MISSING', 'the request is not signed with AWS Signature Version 4.')
  return readHeader(authorizations[0], received, form)
}

// A `Request` shows repeated headers as one, joined with ", ".
function schemesOf(authorization: string): string[] {
  const isOurs = /(?:^|, *)AWS4-/.test(authorization)
  return isOurs ? authorization.split(',').filter((part) => /^ *[\w-]+ +[^ ]/.test(part)) : []
}

function readHeader(authorization: string, received: Received, form: ClaimForm): Claim {
  const [, algorithm, credential = '', names = '', signature = ''] = header.exec(authorization) ?? []
  if (algorithm !== form.algorithm || !form.signature.test(signature))
    throw refusal('EZ_AUTHORIZATION_INVALID', `the authorization header cannot be read as ${form.algorithm}.`)
  const signedNames = readNames(names)
  const amzDate = single(received, 'x-amz-date') ?? dateOf(received, signedNames)
  const sessionToken = single(received, 'x-amz-security-token') ?? single(received, 'x-amz-s3session-token')
  const contentSha256 = single(received, 'x-amz-content-sha256')
  return {
    placement: 'header',
    ...readCredential(credential, form.hasRegion ? undefined : (single(received, 'x-amz-region-set') ?? '')),
    amzDate,
    signedAt: readDate(amzDate),
    signedNames,
    signature,
    ...(sessionToken === undefined ? {} : { sessionToken }),
    ...(contentSha256 === undefined ? {} : { contentSha256 }),
  }
}

/**
 * A signed `date` in place of `x-amz-date`, as an HTTP date or in the basic form of ISO 8601.
 *
 * Source: AWS, "Common Parameters", X-Amz-Date: "optional for all requests; it can be used to override the date".
 */
function dateOf(received: Received, signedNames: readonly string[]): string {
  const date = single(received, 'date')
  if (date === undefined) return ''
  if (!signedNames.includes('date'))
    throw refusal('EZ_HEADER_UNSIGNED', 'there is no x-amz-date, and the header date is not signed.')
  const instant = instantOf(date)
  return instant === undefined ? '' : new Date(instant).toISOString().replace(/[:-]|\.\d+/g, '')
}

function readQuery(parameters: ReadonlyMap<string, string>, received: Received, form: ClaimForm): Claim {
  const get = (name: string): string => {
    const value = parameters.get(name.toLowerCase())
    if (value === undefined || value === '')
      throw refusal('EZ_AUTHORIZATION_INVALID', `the query has no ${name}.`)
    return value
  }
  if (get('X-Amz-Algorithm') !== form.algorithm)
    throw refusal('EZ_AUTHORIZATION_INVALID', `X-Amz-Algorithm is not ${form.algorithm}.`)
  const expires = get('X-Amz-Expires')
  if (!/^\d{1,6}$/.test(expires) || Number(expires) < 1 || Number(expires) > 604_800)
    throw refusal('EZ_AUTHORIZATION_INVALID', 'X-Amz-Expires is not from 1 to 604800 seconds.')
  const signature = get('X-Amz-Signature')
  if (!form.signature.test(signature))
    throw refusal('EZ_AUTHORIZATION_INVALID', `X-Amz-Signature is not a signature of ${form.algorithm}.`)
  // A service may read the one or the other.
  for (const name of ['x-amz-date', 'x-amz-security-token', 'x-amz-content-sha256', 'x-amz-region-set']) {
    const [parameter, value] = [parameters.get(name), single(received, name)]
    if (parameter !== undefined && value !== undefined && parameter !== value)
      throw refusal('EZ_AUTHORIZATION_AMBIGUOUS', `the header ${name} and the parameter differ.`)
  }
  const amzDate = get('X-Amz-Date')
  const sessionToken = parameters.get('x-amz-security-token') ?? parameters.get('x-amz-s3session-token')
  const contentSha256 = parameters.get('x-amz-content-sha256') ?? single(received, 'x-amz-content-sha256')
  return {
    placement: 'query',
    ...readCredential(get('X-Amz-Credential'), form.hasRegion ? undefined : get('X-Amz-Region-Set')),
    amzDate,
    signedAt: readDate(amzDate),
    expires: Number(expires),
    signedNames: readNames(get('X-Amz-SignedHeaders')),
    signature,
    ...(sessionToken === undefined ? {} : { sessionToken }),
    ...(contentSha256 === undefined ? {} : { contentSha256 }),
  }
}

function presignedParameters(received: Received): Map<string, string> {
  const parameters = new Map<string, string>()
  for (const [rawName, rawValue] of received.query) {
    const name = new TextDecoder().decode(decodeOctets(rawName)).toLowerCase()
    // All of them: a service may take headers such as x-amz-acl from here too.
    if (!name.startsWith('x-amz-')) continue
    if (parameters.has(name))
      throw refusal('EZ_AUTHORIZATION_AMBIGUOUS', `the parameter ${name} is repeated.`)
    parameters.set(name, new TextDecoder().decode(decodeOctets(rawValue)))
  }
  return parameters
}

function single(received: Received, name: string): string | undefined {
  const values = received.headers.get(name)
  if (values && values.length > 1)
    throw refusal('EZ_AUTHORIZATION_AMBIGUOUS', `the header ${name} is repeated.`)
  return values?.[0]?.trim()
}

/** @param regionSet of version 4A, whose scope names no region */
function readCredential(
  credential: string,
  regionSet: string | undefined,
): Pick<Claim, 'keyId' | 'scope' | 'region' | 'service'> {
  // A key id may hold slashes, a scope has three or four parts.
  const parts = credential.split('/')
  const length = regionSet === undefined ? 4 : 3
  const scope = parts.slice(-length)
  const keyId = parts.slice(0, -length).join('/')
  const [service = '', end = ''] = scope.slice(-2)
  if (keyId === '' || !/^\d{8}$/.test(scope[0] ?? '') || end !== 'aws4_request')
    throw refusal(
      'EZ_AUTHORIZATION_INVALID',
      `the credential is not key/date/${length === 4 ? 'region/' : ''}service/aws4_request.`,
    )
  return { keyId, scope, region: regionSet ?? (scope[1] as string), service }
}

function readNames(names: string): string[] {
  const list = names.split(';')
  const sorted = [...new Set(list)].sort()
  if (list.some((name) => !/^[a-z0-9!#$%&'*+.^_`|~-]+$/.test(name)) || sorted.join(';') !== names)
    throw refusal(
      'EZ_AUTHORIZATION_INVALID',
      'the signed header names are not lower-case, sorted and unique.',
    )
  return list
}

function readDate(amzDate: string): Date {
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(amzDate)
  const date = parts
    ? new Date(`${parts[1]}-${parts[2]}-${parts[3]}T${parts[4]}:${parts[5]}:${parts[6]}Z`)
    : undefined
  if (date && !Number.isNaN(date.getTime())) return date
  throw refusal(
    'EZ_AUTHORIZATION_INVALID',
    'x-amz-date is missing or not YYYYMMDDTHHMMSSZ, and there is no date in its place.',
  )
}
