import type { Diagnosis, PreparedRequest, ResponseSnapshot } from '@ez/core'
import { runChecks } from './diagnose/checks.ts'
import { type Evidence, gather } from './diagnose/evidence.ts'

const concurrency =
  /SSS_REQUEST_LIMIT_EXCEEDED|CONCURRENCY_LIMIT_EXCEEDED|WS_REQUEST_BLOCKED|ExceededConcurrentRequestLimit|concurrent request limit/i
const loginError =
  /INVALID_LOGIN|InvalidSignature|INVALID_SIGNATURE|Invalid login|error="|oauth_problem=|signature_invalid/i
const problemCode = /(?:error="|oauth_problem=)([\w-]+)/

/**
 * Reads a refusal by NetSuite.
 *
 * NetSuite tells the cause of a refused login in its Login Audit Trail only, so this looks at everything that can
 * be looked at from here, the likeliest first, and shows what was signed.
 *
 * Source: Oracle NetSuite Help, "Troubleshoot Token-based Authentication (TBA)"; "Concurrency Governance".
 */
export function diagnoseNetSuite(
  response: ResponseSnapshot,
  prepared: PreparedRequest,
): Diagnosis | undefined {
  const evidence = gather(response, prepared)
  if (evidence.status === 429 || concurrency.test(evidence.answer)) return throttled(evidence)
  if (evidence.status === 302 && evidence.header.size > 0)
    return {
      cause: 'wrong-region',
      message: `NetSuite sends ${evidence.host} to another data centre. Call the account-specific domain.`,
    }
  if (!isLoginError(evidence)) return undefined
  const problem = namedProblem(evidence)
  if (problem) return problem
  const checks = runChecks(evidence)
  const wrong = checks.filter((check) => check.problem !== undefined)
  const lines = checks.map(
    ({ name, problem: text }) =>
      `  ${text === undefined ? 'ok     ' : 'WRONG  '}${name}${text === undefined ? '' : `: ${text}`}`,
  )
  const next =
    wrong.length > 0
      ? 'Put right what is wrong above.'
      : 'Nothing is wrong that can be seen from here, so look at the keys: consumer secret and token secret, ' +
        'whether the token is revoked or belongs to another integration, whether the role may log in with tokens. ' +
        'The Detail column of the Login Audit Trail (Setup > Users/Roles > View Login Audit Trail) names the cause.'
  const message = [
    'NetSuite refused the login. Checked, the likeliest cause first:',
    ...lines,
    next,
    ...signedText(evidence),
  ]
  return { ...causeOf(wrong[0]?.name, evidence), message: message.join('\n') }
}

/** Reads a refusal by any OAuth 1.0a server. */
export function diagnoseOAuth1(response: ResponseSnapshot, prepared: PreparedRequest): Diagnosis | undefined {
  const evidence = gather(response, prepared)
  if (evidence.status === 429) return throttled(evidence)
  if (evidence.status !== 401 && !(evidence.status === 400 && loginError.test(evidence.answer)))
    return undefined
  const problem = namedProblem(evidence)
  if (problem) return problem
  if (evidence.clockOffsetMs !== undefined && Math.abs(evidence.clockOffsetMs) > 300_000)
    return skewed(evidence.clockOffsetMs)
  const message = [
    'The server refused the signature, the token or the consumer key.',
    ...signedText(evidence),
  ]
  return { cause: 'signature-mismatch', message: message.join('\n') }
}

function isLoginError({ status, answer }: Evidence): boolean {
  return status === 401 || ((status === 400 || status === 403) && loginError.test(answer))
}

function throttled({ retryAfterMs }: Evidence): Diagnosis {
  return {
    cause: 'throttled',
    message: 'Too many requests at once: this is not a login error. Wait, and sign each attempt anew.',
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  }
}

/** Some servers name the problem (OAuth Problem Reporting); NetSuite says `token_rejected` for nearly everything. */
function namedProblem({ answer, clockOffsetMs = 0 }: Evidence): Diagnosis | undefined {
  const code = problemCode.exec(answer)?.[1]
  if (code === 'nonce_used')
    return { cause: 'nonce-used', message: 'The nonce was used before. Sign each attempt anew.' }
  if (code === 'timestamp_refused') return skewed(clockOffsetMs)
  return undefined
}

function skewed(clockOffsetMs: number): Diagnosis {
  const seconds = Math.round(clockOffsetMs / 1000)
  return {
    cause: 'clock-skew',
    message: `The server refused the timestamp; its clock is ${seconds} seconds from ours. Set the clock, or sign with the offset.`,
    clockOffsetMs,
  }
}

function causeOf(
  name: string | undefined,
  { clockOffsetMs }: Evidence,
): Pick<Diagnosis, 'cause' | 'clockOffsetMs'> {
  if (name === 'clock') return { cause: 'clock-skew', ...(clockOffsetMs !== undefined && { clockOffsetMs }) }
  return {
    cause:
      name === undefined || name.startsWith('realm') || name.startsWith('account')
        ? 'credential'
        : 'signature-mismatch',
  }
}

function signedText({ baseString }: Evidence): string[] {
  return baseString === undefined ? [] : [`Base string: ${baseString}`]
}
