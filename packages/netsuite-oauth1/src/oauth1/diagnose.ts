import {
  type Diagnosis,
  type Difference,
  headerOf,
  instantOf,
  isThrottled,
  type PreparedRequest,
  type ResponseSnapshot,
  throttled,
} from '@ez/core'
import { type SignedBaseString, signedBaseString } from '../signed-base-string.ts'

// What the problems mean of which the signature is not the cause (OAuth Problem Reporting extension).
const problems: Readonly<Record<string, string>> = {
  consumer_key_unknown:
    'The server does not know the consumer key. Check consumerKey, and which server it is for.',
  consumer_key_rejected: 'The server does not accept this consumer key now. Ask who runs it.',
  consumer_key_refused: 'The server refuses this consumer key for a while. Ask who runs it.',
  token_rejected:
    'The server does not accept the token. Check token and tokenSecret, and that they belong to this consumer key.',
  token_revoked: 'The token was revoked. Get a new one.',
  token_expired: 'The token has ended. Get a new one.',
  token_used: 'The request token was used before. Begin anew.',
  permission_denied: 'The user, or the server, denies this request to the consumer.',
  permission_unknown: 'The user has not allowed the token yet.',
  user_refused: 'The user has refused the token.',
  signature_method_rejected: 'The server does not take this signatureMethod. Set another.',
}

/**
 * Reads a refusal by any OAuth 1.0a server, some of which name the problem (OAuth Problem Reporting).
 *
 * A request that another client signed is read by its own parameters; no secret is needed.
 *
 * @example
 * ```ts
 * import type { PreparedRequest, ResponseSnapshot } from '@ez/core'
 * import { diagnoseOAuth1 } from '@ez/netsuite-oauth1'
 *
 * export function explain(response: ResponseSnapshot, prepared: PreparedRequest): string {
 *   return diagnoseOAuth1(response, prepared)?.message ?? 'not a matter of the signature'
 * }
 * ```
 */
export function diagnoseOAuth1(response: ResponseSnapshot, prepared: PreparedRequest): Diagnosis | undefined {
  const { status, headers, body } = response
  const answer = (headerOf(headers, 'www-authenticate') ?? '') + new TextDecoder().decode(body)
  const problem = /oauth_problem(?:="?|%3D)(\w+)/.exec(answer)?.[1]
  if (status === 429 || (isThrottled(response) && problem === undefined))
    return throttled(headers, 'Too many requests, no login error. Wait and sign anew.')
  if (status !== 401 && !([400, 403].includes(status) && problem)) return undefined
  if (problem === 'nonce_used')
    return { cause: 'nonce-used', message: 'The nonce was used before. Sign each attempt anew.' }
  const signed = signedBaseString(prepared)
  return (
    explainVersion(signed, problem) ??
    explainClock(signed, response, problem) ??
    explainBaseString(signed, answer) ??
    explainProblem(signed, problem)
  )
}

function explainVersion({ parameter }: SignedBaseString, problem: string | undefined): Diagnosis | undefined {
  const version = parameter('oauth_version')
  if ((version === undefined || version === '1.0') && problem !== 'version_rejected') return undefined
  return {
    cause: 'oauth-version',
    message: `oauth_version was sent as "${version ?? ''}". It must be "1.0" (RFC 5849 section 3.1), also for OAuth 1.0a; or leave it out with version null.`,
  }
}

function explainClock(
  { parameter }: SignedBaseString,
  { headers }: ResponseSnapshot,
  problem: string | undefined,
): Diagnosis | undefined {
  const signedAt = Number(parameter('oauth_timestamp') ?? Number.NaN) * 1000
  const clockOffsetMs = (instantOf(headerOf(headers, 'date')) ?? Number.NaN) - signedAt
  if (problem !== 'timestamp_refused' && !(Math.abs(clockOffsetMs) > 300_000)) return undefined
  return {
    cause: 'clock-skew',
    message: "The timestamp is out of the server's window. Set the clock.",
    ...(!Number.isNaN(clockOffsetMs) && { clockOffsetMs }),
  }
}

/** Some servers show the base string that they computed, as PHP's OAuthProvider does in `debug_sbs`. */
function explainBaseString({ baseString }: SignedBaseString, answer: string): Diagnosis | undefined {
  const shown = /debug_sbs=([\w.~%&-]+)/.exec(answer)?.[1]
  if (shown === undefined || baseString === '') return undefined
  const expected = /^[A-Z]+&http/.test(shown) ? shown : safelyDecoded(shown)
  const differences = differencesOf(expected, baseString)
  if (differences.length === 0)
    return {
      cause: 'credential',
      message:
        'The server computed the same base string, so consumerSecret or tokenSecret is not the one that it knows.',
      differences,
    }
  const names = ['method', 'URL', 'parameters']
  const lines = differences.map(
    ({ line, expected: theirs, signed }) =>
      `  ${names[line - 1]}: the server expected "${theirs}", "${signed}" was signed`,
  )
  return {
    cause: 'signature-mismatch',
    message: ['The server computed another base string:', ...lines].join('\n'),
    differences,
  }
}

/** The three parts of a base string, compared. */
function differencesOf(expected: string, signed: string): Difference[] {
  const [theirs, ours] = [expected.split('&'), signed.split('&')]
  return [0, 1, 2].flatMap((index) => {
    const pair = { expected: theirs[index] ?? '', signed: ours[index] ?? '' }
    return pair.expected === pair.signed ? [] : [{ stage: 'base-string', line: index + 1, ...pair }]
  })
}

function explainProblem({ baseString }: SignedBaseString, problem: string | undefined): Diagnosis {
  const known = problem === undefined ? undefined : problems[problem]
  if (known !== undefined)
    return { cause: 'credential', message: `The server refused the request: ${problem}. ${known}` }
  const named = problem === undefined ? 'signature, token or consumer key' : problem
  return {
    cause: problem === undefined || problem.startsWith('signature') ? 'signature-mismatch' : 'credential',
    message: `The server refused the request: ${named}.\nBase string: ${baseString}`,
  }
}

function safelyDecoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
