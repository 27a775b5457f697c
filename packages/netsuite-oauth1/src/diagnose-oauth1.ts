import type { Diagnosis, PreparedRequest, ResponseSnapshot } from '@ez/core'
import { headerOf } from './header-of.ts'
import { throttled } from './throttled.ts'

/** Reads a refusal by any OAuth 1.0a server, some of which name the problem (OAuth Problem Reporting). */
export function diagnoseOAuth1(
  { status, headers, body }: ResponseSnapshot,
  prepared: PreparedRequest,
): Diagnosis | undefined {
  const answer = headerOf(headers, 'www-authenticate') + new TextDecoder().decode(body)
  const problem = /oauth_problem="?(\w+)/.exec(answer)?.[1]
  if (status === 429) return throttled(headers)
  if (status !== 401 && !(status === 400 && problem)) return undefined
  if (problem === 'nonce_used')
    return { cause: 'nonce-used', message: 'The nonce was used before. Sign each attempt anew.' }
  const signedAt = Number(/oauth_timestamp(?:="|%3D|=)(\d+)/.exec(sentText(prepared))?.[1]) * 1000
  const clockOffsetMs = Date.parse(headerOf(headers, 'date')) - signedAt
  if (problem === 'timestamp_refused' || Math.abs(clockOffsetMs) > 300_000)
    return {
      cause: 'clock-skew',
      message: "The timestamp is out of the server's window. Set the clock.",
      ...(!Number.isNaN(clockOffsetMs) && { clockOffsetMs }),
    }
  const baseString = prepared.trace.findLast(({ id }) => id === 'base-string')?.value
  const named = problem === undefined ? 'signature, token or consumer key' : problem
  return {
    cause: problem === undefined || problem.startsWith('signature') ? 'signature-mismatch' : 'credential',
    message: `The server refused the request: ${named}.\nBase string: ${baseString}`,
  }
}

// The base string holds the timestamp wherever the parameters were placed.
function sentText({ trace, headers }: PreparedRequest): string {
  return headerOf(headers, 'authorization') + trace.map(({ value }) => value).join('\n')
}
