import { type Diagnosis, headerOf, type PreparedRequest, type ResponseSnapshot, throttled } from '@ez/core'
import type { RefusalBody } from './refusal-body.ts'

/** What a code means, or a message: API Gateway tells the code in a header alone, which saved responses lack. */
interface Explanation {
  readonly code?: RegExp
  readonly message?: RegExp
  readonly cause: Diagnosis['cause']
  readonly text: string
}

const throttling =
  /^(SlowDown|Throttl|TooManyRequests|RequestLimitExceeded|QuotaExceeded|BandwidthLimitExceeded)/

const explanations: readonly Explanation[] = [
  {
    message: /^Request has expired$/,
    cause: 'url-expired',
    text: 'The presigned URL is past its time. Sign a new one, or set expiresIn.',
  },
  {
    code: /^(ExpiredToken|TokenRefreshRequired|RequestExpired)/,
    message: /^The security token included in the request is expired/,
    cause: 'token-expired',
    text: 'The temporary credentials have ended. Get new ones.',
  },
  {
    code: /^(InvalidAccessKeyId|InvalidClientTokenId|UnrecognizedClientException|InvalidToken|AuthFailure)/,
    message: /^The security token included in the request is invalid/,
    cause: 'credential',
    text: 'The service does not know this access key id with this session token. Temporary keys (ASIA…) need their sessionToken; a key of another partition or a deleted one is unknown too.',
  },
  {
    code: /^XAmzContentSHA256Mismatch$/,
    cause: 'signature-mismatch',
    text: 'The body that arrived is not the one that was signed: it was serialised again, or re-encoded, after signing.',
  },
  {
    code: /^MissingAuthenticationToken(Exception)?$/,
    message: /^Missing Authentication Token$/,
    cause: 'signature-mismatch',
    text: 'The service found no signature, or API Gateway has no such route. Check method and path, then that the authorization header arrives.',
  },
  {
    code: /^IncompleteSignature/,
    message: /^Authorization header requires '|^'.*' not a valid key=value pair/,
    cause: 'signature-mismatch',
    text: 'The authorization header that arrived is no signature: something after signing replaced it, such as a proxy or a bearer token.',
  },
  {
    message: /^Only one auth mechanism allowed/,
    cause: 'signature-mismatch',
    text: 'The request carries two authorizations. Remove the authorization header of a presigned request, or the X-Amz-… parameters of the URL.',
  },
  {
    message: /^Missing required header for this request: x-amz-content-sha256/,
    cause: 'signature-mismatch',
    text: 'The service wants the header x-amz-content-sha256. Set contentSha256Header to true.',
  },
]

/** What a code or a message says by itself. */
export function explainCode(
  refusal: RefusalBody,
  { headers }: ResponseSnapshot,
  prepared: PreparedRequest,
): Diagnosis | undefined {
  const { code, message } = refusal
  if (throttling.test(code)) return throttled(headers, 'The service asks to slow down.')
  const found = explanations.find((one) => one.code?.test(code) || one.message?.test(message))
  if (found) return { cause: found.cause, message: found.text }
  return explainUnsigned(refusal) ?? explainUpload(refusal, prepared)
}

function explainUnsigned({ message, field }: RefusalBody): Diagnosis | undefined {
  if (!message.startsWith('There were headers present in the request which were not signed')) return undefined
  const names = field('HeadersNotSigned') ?? 'some headers'
  return {
    cause: 'signature-mismatch',
    message: `The service wants these headers signed: ${names}. Something after signing added them; add them before, or name them in signedHeaders.`,
  }
}

function explainUpload({ code, field }: RefusalBody, { headers }: PreparedRequest): Diagnosis | undefined {
  if (code !== 'NotImplemented') return undefined
  const cause = 'not-implemented'
  if (headerOf(headers, 'x-amz-content-sha256')?.startsWith('STREAMING-'))
    return {
      cause,
      message:
        "This store takes no such chunked upload. Set payload to 'hash' or 'unsigned', or leave the trailer out.",
    }
  if (field('Header') !== 'Transfer-Encoding') return undefined
  return {
    cause,
    message:
      'S3 takes no body of unknown length. Give a stream its length, and the same as header content-length.',
  }
}
