import {
  type Diagnosis,
  headerOf,
  instantOf,
  isThrottled,
  type PreparedRequest,
  type ResponseSnapshot,
  throttled,
} from '@ez/core'
import { escapePercent } from './base-string.ts'
import { isOtherAccount, isRealm } from './netsuite/account.ts'
import { parseEncodedPairs } from './parameters/encoded-pairs.ts'
import { splitUrl } from './parameters/split-url.ts'
import { type SignedBaseString, signedBaseString } from './signed-base-string.ts'

const concurrency = /REQUEST_LIMIT|CONCURRENCY_LIMIT|REQUEST_BLOCKED|concurrent ?request/i
const loginError = /INVALID_?(?:LOGIN|SIGNATURE)|oauth_problem|error="/i

/** What was looked at, what it means when it is wrong, and in which way it is. */
type Check = readonly [name: string, cause: Diagnosis['cause'], problem: string | false]

/**
 * Reads a refusal by NetSuite.
 *
 * NetSuite tells the cause of a refused login in its Login Audit Trail only, so this looks at everything that can
 * be looked at from here, the likeliest first, and shows what was signed. A request that another client signed is read
 * by its own parameters; no secret is needed.
 *
 * Source: Oracle NetSuite Help, "Troubleshoot Token-based Authentication (TBA)"; "Concurrency Governance".
 *
 * @example
 * ```ts
 * import type { PreparedRequest, ResponseSnapshot } from '@ez/core'
 * import { diagnoseNetSuite } from '@ez/netsuite-oauth1'
 *
 * export function explain(response: ResponseSnapshot, prepared: PreparedRequest): string {
 *   return diagnoseNetSuite(response, prepared)?.message ?? 'not a matter of the signature'
 * }
 * ```
 */
export function diagnoseNetSuite(
  response: ResponseSnapshot,
  prepared: PreparedRequest,
): Diagnosis | undefined {
  const { status, headers, body } = response
  const answer = (headerOf(headers, 'www-authenticate') ?? '') + new TextDecoder().decode(body)
  if (isThrottled(response) || concurrency.test(answer))
    return throttled(headers, 'Too many requests, no login error. Wait and sign anew.')
  if (status !== 401 && !([400, 403].includes(status) && loginError.test(answer))) return undefined
  if (answer.includes('nonce_used'))
    return { cause: 'nonce-used', message: 'The nonce was used before. Sign anew.' }

  const signed = signedBaseString(prepared)
  const signedAt = Number(signed.parameter('oauth_timestamp') ?? Number.NaN) * 1000
  const clockOffsetMs = (instantOf(headerOf(headers, 'date')) ?? Number.NaN) - signedAt
  const checks = check(prepared, signed, clockOffsetMs)
  const [, cause] = checks.find(([, , problem]) => problem) ?? ['', 'credential']
  const lines = checks.map(([name, , problem]) => (problem ? `WRONG  ${name}: ${problem}` : `ok     ${name}`))
  return {
    cause,
    message: [
      'Login refused. Likeliest cause first:',
      ...lines,
      'If all is ok: keys, token or role. See Setup > Users/Roles > View Login Audit Trail',
      `Base string: ${signed.baseString}`,
    ].join('\n'),
    ...(cause === 'clock-skew' && { clockOffsetMs }),
  }
}

function check(
  { url, method, headers }: PreparedRequest,
  { baseString, parameter }: SignedBaseString,
  clockOffsetMs: number,
): Check[] {
  const authorization = headerOf(headers, 'authorization') ?? ''
  const realm = /realm="([^"]*)/.exec(authorization)?.[1] ?? ''
  const { host, query } = splitUrl(url)
  const misplaced = parseEncodedPairs(query)
    .map(([name]) => name)
    .filter(
      (name) => !baseString.includes(`${escapePercent(name)}%3D`) || authorization.includes(` ${name}="`),
    )
  const version = parameter('oauth_version') ?? '1.0'
  const mismatch = 'signature-mismatch'
  // NetSuite lets clocks differ by five minutes.
  return [
    ['realm', 'credential', !isRealm(realm) && `${realm} must be like 1234567_SB1`],
    [
      'account',
      'credential',
      isOtherAccount(realm, host) && `the host ${host} does not belong to the account ${realm}`,
    ],
    ['query', mismatch, misplaced.length > 0 && `${misplaced} must be signed, not in the header`],
    ['clock', 'clock-skew', Math.abs(clockOffsetMs) > 300_000 && `${clockOffsetMs / 1000} seconds off`],
    ['method', mismatch, !baseString.startsWith(method) && `${method} was not signed`],
    ['algorithm', mismatch, parameter('oauth_signature_method') !== 'HMAC-SHA256' && 'must be HMAC-SHA256'],
    ['version', mismatch, version !== '1.0' && `oauth_version is "${version}" and must be "1.0"`],
  ]
}
