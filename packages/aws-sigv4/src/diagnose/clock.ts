import { type Diagnosis, headerOf, instantOf, type PreparedRequest, type ResponseSnapshot } from '@ez/core'
import type { RefusalBody } from './refusal-body.ts'

/** `RequestTimeTooSkewed` of S3 with `ServerTime`; "Signature expired: … (20150830T123600Z - 5 min.)" elsewhere. */
export function explainClock(
  { code, message, field }: RefusalBody,
  { headers }: ResponseSnapshot,
  prepared: PreparedRequest,
): Diagnosis | undefined {
  const elsewhere = /^Signature (?:expired|not yet current): .*\((\d{8}T\d{6}Z) [-+] /.exec(message)?.[1]
  const isTold = /^(RequestTimeTooSkewed|RequestInTheFuture)/.test(code) || /^Signature expired/.test(message)
  if (!isTold && elsewhere === undefined) return undefined
  const date = headerOf(headers, 'date')
  const serverTime = instantOf(field('ServerTime') ?? elsewhere ?? date)
  const signedAt = instantOf(
    headerOf(prepared.headers, 'x-amz-date') ?? /[?&]X-Amz-Date=([^&]*)/.exec(prepared.url)?.[1],
  )
  if (serverTime === undefined || signedAt === undefined)
    return { cause: 'clock-skew', message: "Our clock is too far from the service's. Set it right." }
  const clockOffsetMs = serverTime - signedAt
  // What was signed holds the option's offset already, so the measured one comes on top.
  return {
    cause: 'clock-skew',
    message: `Our clock is ${Math.round(Math.abs(clockOffsetMs) / 1000)} seconds ${clockOffsetMs > 0 ? 'behind' : 'ahead of'} the service's. Set it right, or add ${clockOffsetMs} to clockOffsetMs.`,
    clockOffsetMs,
  }
}
