import type { Diagnosis, PreparedRequest, ResponseSnapshot } from '@ez/core'
import { isOtherAccount, isRealm } from './account.ts'
import { escapePercent } from './base-string.ts'
import { splitUrl } from './base-string-uri.ts'
import { headerOf } from './header-of.ts'
import { parseEncodedPairs } from './parameters.ts'
import { throttled } from './throttled.ts'

const concurrency = /REQUEST_LIMIT|CONCURRENCY_LIMIT|REQUEST_BLOCKED|concurrent ?request/i
const loginError = /INVALID_?(?:LOGIN|SIGNATURE)|oauth_problem|error="/i

/** What was looked at, what it means when it is wrong, and in which way it is. */
type Check = readonly [name: string, cause: Diagnosis['cause'], problem: string | false]

/**
 * Reads a refusal by NetSuite.
 *
 * NetSuite tells the cause of a refused login in its Login Audit Trail only, so this looks at everything that can
 * be looked at from here, the likeliest first, and shows what was signed.
 *
 * Source: Oracle NetSuite Help, "Troubleshoot Token-based Authentication (TBA)"; "Concurrency Governance".
 */
export function diagnoseNetSuite(
  { status, headers, body }: ResponseSnapshot,
  prepared: PreparedRequest,
): Diagnosis | undefined {
  const answer = headerOf(headers, 'www-authenticate') + new TextDecoder().decode(body)
  if (status === 429 || concurrency.test(answer)) return throttled(headers)
  if (status !== 401 && !([400, 403].includes(status) && loginError.test(answer))) return undefined
  if (answer.includes('nonce_used'))
    return { cause: 'nonce-used', message: 'The nonce was used before. Sign anew.' }

  const baseString = prepared.trace.findLast(({ id }) => id === 'base-string')?.value ?? ''
  const authorization = headerOf(prepared.headers, 'authorization')
  const signedAt = Number(/oauth_timestamp="(\d+)/.exec(authorization)?.[1]) * 1000
  const clockOffsetMs = Date.parse(headerOf(headers, 'date')) - signedAt
  const checks = check(prepared, authorization, baseString, clockOffsetMs)
  const [, cause] = checks.find(([, , problem]) => problem) ?? ['', 'credential']
  const lines = checks.map(([name, , problem]) => (problem ? `WRONG  ${name}: ${problem}` : `ok     ${name}`))
  return {
    cause,
    message: [
      'Login refused. Likeliest cause first:',
      ...lines,
      'If all is ok: keys, token or role. See Setup > Users/Roles > View Login Audit Trail',
      `Base string: ${baseString}`,
    ].join('\n'),
    ...(cause === 'clock-skew' && { clockOffsetMs }),
  }
}

function check(
  { url, method }: PreparedRequest,
  authorization: string,
  baseString: string,
  clockOffsetMs: number,
): Check[] {
  const realm = /realm="([^"]*)/.exec(authorization)?.[1] ?? ''
  const { host, query } = splitUrl(url)
  const misplaced = parseEncodedPairs(query)
    .map(([name]) => name)
    .filter(
      (name) => !baseString.includes(`${escapePercent(name)}%3D`) || authorization.includes(` ${name}="`),
    )
  const mismatch = 'signature-mismatch'
  // NetSuite lets clocks differ by five minutes.
  return [
    ['realm', 'credential', !isRealm(realm) && `${realm} must be like 1234567_SB1`],
    ['account', 'credential', isOtherAccount(realm, host) && `${host} is not of ${realm}`],
    ['query', mismatch, misplaced.length > 0 && `${misplaced} must be signed, not in the header`],
    ['clock', 'clock-skew', Math.abs(clockOffsetMs) > 300_000 && `${clockOffsetMs / 1000} seconds off`],
    ['method', mismatch, !baseString.startsWith(method) && `${method} was not signed`],
    ['algorithm', mismatch, !authorization.includes('HMAC-SHA256') && 'must be HMAC-SHA256'],
  ]
}
