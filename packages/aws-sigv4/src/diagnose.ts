import type { Diagnosis, PreparedRequest, ResponseSnapshot } from '@ez/core'
import { explainMismatch } from './diagnose/mismatch.ts'
import { type RefusalBody, readRefusal } from './diagnose/refusal-body.ts'

const throttled =
  /^(SlowDown|Throttl|TooManyRequests|RequestLimitExceeded|QuotaExceeded|BandwidthLimitExceeded)/
const unknownKey = /^(InvalidAccessKeyId|InvalidClientTokenId|UnrecognizedClientException|InvalidToken)/
const expired = /^(ExpiredToken|TokenRefreshRequired|RequestExpired)/
const mismatched = /^(SignatureDoesNotMatch|InvalidSignature)/

/**
 * Says why a service refused a signed request: what differs, line by line, and the likely cause.
 *
 * Reads the errors of S3, of API Gateway and SP-API, and of the query and JSON services. Gives `undefined` for a
 * response that is no refusal of a signature.
 *
 * @example
 * ```ts
 * import { diagnoseAwsSigV4 } from '@ez/aws-sigv4'
 * import type { PreparedRequest, ResponseSnapshot } from '@ez/core'
 *
 * export function explain(response: ResponseSnapshot, prepared: PreparedRequest): string {
 *   return diagnoseAwsSigV4(response, prepared)?.message ?? 'not a matter of the signature'
 * }
 * ```
 */
export function diagnoseAwsSigV4(
  response: ResponseSnapshot,
  prepared: PreparedRequest,
): Diagnosis | undefined {
  if (response.status < 400) return undefined
  const refusal = readRefusal(response)
  if (!refusal) return undefined
  const { code, message } = refusal
  return (
    explainClock(refusal, response, prepared) ??
    explainScope(refusal) ??
    (message === 'Request has expired'
      ? {
          cause: 'url-expired',
          message: 'The presigned URL is past its time. Sign a new one, or set expiresIn.',
        }
      : undefined) ??
    explainCode(code, response) ??
    (mismatched.test(code) || message.includes('signature we calculated does not match')
      ? explainMismatch(refusal, stagesOf(prepared))
      : undefined)
  )
}

function explainCode(code: string, { headers }: ResponseSnapshot): Diagnosis | undefined {
  if (throttled.test(code)) {
    const seconds = Number(headers.find(([name]) => name === 'retry-after')?.[1] ?? Number.NaN)
    return {
      cause: 'throttled',
      message: 'The service asks to slow down.',
      ...(Number.isFinite(seconds) ? { retryAfterMs: seconds * 1000 } : {}),
    }
  }
  if (expired.test(code))
    return { cause: 'token-expired', message: 'The temporary credentials have ended. Get new ones.' }
  if (unknownKey.test(code))
    return {
      cause: 'credential',
      message:
        'The service does not know this access key id with this session token. Temporary keys (ASIA…) need their sessionToken; a key of another partition or a deleted one is unknown too.',
    }
  if (code === 'XAmzContentSHA256Mismatch')
    return {
      cause: 'signature-mismatch',
      message:
        'The body that arrived is not the one that was signed: it was serialised again, or re-encoded, after signing.',
    }
  if (code === 'MissingAuthenticationToken' || code === 'MissingAuthenticationTokenException')
    return {
      cause: 'signature-mismatch',
      message:
        'The service found no signature, or API Gateway has no such route. Check method and path, then that the authorization header arrives.',
    }
  return undefined
}

/** `RequestTimeTooSkewed` of S3 with `ServerTime`; "Signature expired: … (20150830T123600Z - 5 min.)" elsewhere. */
function explainClock(
  { code, message, field }: RefusalBody,
  { headers }: ResponseSnapshot,
  prepared: PreparedRequest,
): Diagnosis | undefined {
  const elsewhere = /^Signature (?:expired|not yet current): .*\((\d{8}T\d{6}Z) [-+] /.exec(message)?.[1]
  if (code !== 'RequestTimeTooSkewed' && elsewhere === undefined && !/^Signature expired/.test(message))
    return undefined
  const date = headers.find(([name]) => name === 'date')?.[1]
  const serverTime = instantOf(field('ServerTime') ?? elsewhere ?? date)
  const signedAt = instantOf(
    prepared.headers.find(([name]) => name === 'x-amz-date')?.[1] ??
      /[?&]X-Amz-Date=([^&]*)/.exec(prepared.url)?.[1],
  )
  if (serverTime === undefined || signedAt === undefined)
    return { cause: 'clock-skew', message: "Our clock is too far from the service's. Set it right." }
  const clockOffsetMs = serverTime - signedAt
  return {
    cause: 'clock-skew',
    message: `Our clock is ${Math.round(Math.abs(clockOffsetMs) / 1000)} seconds ${clockOffsetMs > 0 ? 'behind' : 'ahead of'} the service's. Set it right, or set clockOffsetMs to ${clockOffsetMs}.`,
    clockOffsetMs,
  }
}

function instantOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const compact = text.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z')
  const instant = Date.parse(compact)
  return Number.isNaN(instant) ? undefined : instant
}

function explainScope({ code, message, field }: RefusalBody): Diagnosis | undefined {
  const region =
    /region '[^']*' is wrong; expecting '([^']*)'/.exec(message)?.[1] ??
    (code === 'AuthorizationHeaderMalformed' || code === 'PermanentRedirect' ? field('Region') : undefined)
  if (region !== undefined)
    return { cause: 'wrong-region', message: `The service expects the region "${region}". Set it.` }
  const service =
    /scoped to correct service: '([^']*)'/.exec(message)?.[1] ??
    /incorrect service ["'][^"']*["']\. This endpoint belongs to ["']([^"']*)["']/.exec(message)?.[1]
  if (service !== undefined)
    return {
      cause: 'wrong-region',
      message: `The service expects the signing name "${service}". Set service to it.`,
    }
  const wrong = /scoped to a valid region(?:, not '([^']*)')?/.exec(message)
  if (!wrong) return undefined
  return {
    cause: 'wrong-region',
    message: `The region ${wrong[1] === undefined ? '' : `"${wrong[1]}" `}is not the one of this endpoint. Set the region that its host name holds.`,
  }
}

function stagesOf({ trace }: PreparedRequest): {
  canonicalRequest: string | undefined
  stringToSign: string | undefined
} {
  const last = (id: string): string | undefined =>
    trace.findLast((entry) => entry.id === id && entry.step.startsWith('aws-sigv4'))?.value
  return { canonicalRequest: last('canonical-request'), stringToSign: last('string-to-sign') }
}
