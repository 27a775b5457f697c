import { EzError, headerOf } from '@ez/core'
import { toBase64, utf8 } from '@ez/core/crypto'
import { isSecretName } from '@ez/request-file'
import { withoutSignatures } from '@ez/request-file/signed'
import type { Options } from '../schemes/adapter.ts'
import type { Subject } from './explain.ts'

/** What a link carries. */
export interface SharedCase {
  readonly use: string
  readonly request: string
  readonly answer?: string
  readonly at?: string
  readonly nonce?: string
}

const longestLink = 30_000

/**
 * The fragment of a link that shows a case: signatures are replaced by zeros, and nothing that is secret may be left.
 *
 * @throws EZ_NOT_ALLOWED when a secret would stand in the link; the message names where
 */
export function fragmentOf(
  shared: SharedCase,
  subject: Subject | undefined,
  credentials: Options | undefined,
): string {
  const masked = {
    ...shared,
    request: withoutSignatures(shared.request),
    ...(shared.answer !== undefined && { answer: withoutSignatures(shared.answer) }),
  }
  const found = secretIn(masked, subject, credentials)
  if (found !== undefined)
    throw new EzError(
      'EZ_NOT_ALLOWED',
      `A link would carry a secret: ${found}. Take it out of what you share.`,
    )
  const bytes = utf8(JSON.stringify(masked))
  const fragment = `case=${toBase64(bytes).replace(/\+/g, '-').replace(/\//g, '_').replace(/=/g, '')}`
  if (fragment.length > longestLink)
    throw new EzError(
      'EZ_NOT_ALLOWED',
      `A link of ${fragment.length} characters would be cut by many programs. Shorten body or answer.`,
    )
  return fragment
}

/** The case of a link; `undefined` when the fragment holds none. */
export function caseOf(fragment: string): SharedCase | undefined {
  const [, encoded] = /(?:^#?|&)case=([\w-]+)/.exec(fragment) ?? []
  if (encoded === undefined) return undefined
  try {
    const binary = atob(encoded.replace(/-/g, '+').replace(/_/g, '/'))
    const text = new TextDecoder().decode(Uint8Array.from(binary, (one) => one.charCodeAt(0)))
    const value = JSON.parse(text) as SharedCase
    return typeof value.request === 'string' && typeof value.use === 'string' ? value : undefined
  } catch {
    return undefined
  }
}

const openHeaders = /^(?:api-key|x-bapi-api-key|x-amz-security-token)$/

function secretIn(
  shared: SharedCase,
  subject: Subject | undefined,
  credentials: Options | undefined,
): string | undefined {
  const text = `${shared.request}\n${shared.answer ?? ''}`
  for (const [name, value] of textsOf(credentials ?? {}))
    if (value.length > 5 && isSecretOption(name) && text.includes(value)) return `the value of ${name}`
  if (subject === undefined) return undefined
  for (const [name, value] of textsOf(subject.options ?? {}))
    if (isSecretOption(name) && value.length > 0 && text.includes(value))
      return `the option ${name} of its signer`
  const { headers, url, body } = subject.prepared
  const authorization = headerOf(headers, 'authorization') ?? ''
  if (/^(?:basic|bearer)\b/i.test(authorization))
    return `the header authorization (${authorization.split(' ')[0]})`
  for (const [name, value] of headers)
    if (
      /^(?:cookie|proxy-authorization|x-amz-security-token|x-amz-access-token)$/.test(name) ||
      (isSecretName(name) && !openHeaders.test(name) && value !== '')
    )
      return `the header ${name}`
  for (const [name] of new URL(url).searchParams)
    if (
      /^X-Amz-Security-Token$/i.test(name) ||
      (isSecretName(name) && !/^oauth_(?:token|consumer_key)$/.test(name))
    )
      return `the query parameter ${name}`
  const content = body instanceof Uint8Array ? new TextDecoder().decode(body) : ''
  for (const [, name = ''] of content.matchAll(/"([\w.-]{2,60})"\s*:\s*"[^"]+"/g))
    if (isSecretName(name)) return `"${name}" in the body`
  for (const [, name = ''] of content.matchAll(/(?:^|&)([\w.-]{2,60})=[^&]+/g))
    if (isSecretName(name) && !/^oauth_(?:token|consumer_key)$/.test(name)) return `${name} in the body`
  return undefined
}

const openOptions = /(?:id|ids|endpoint|url|uri|header|headers|name)$|^(?:consumerKey|apiKey|clientToken)$/i
const isSecretOption = (name: string): boolean =>
  /secret|token|password|passphrase|key|credential/i.test(name) && !openOptions.test(name)

function textsOf(value: unknown, name = ''): (readonly [name: string, value: string])[] {
  if (typeof value === 'string') return [[name, value]]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, item]) => textsOf(item, Array.isArray(value) ? name : key))
}
