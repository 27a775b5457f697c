import { type Diagnosis, headerOf, type PreparedRequest, type ResponseSnapshot } from '@ez/core'
import type { RefusalBody } from './refusal-body.ts'

/**
 * A request of Signature Version 2, which most regions and stores refuse, some as if its signature were wrong.
 *
 * Source: Amazon S3 User Guide, "Making requests using AWS Signature Version 2".
 */
export function explainVersion2(
  refusal: RefusalBody,
  { headers, url }: PreparedRequest,
): Diagnosis | undefined {
  const isSent =
    /^AWS [^:\s]+:/.test(headerOf(headers, 'authorization') ?? '') || /[?&]AWSAccessKeyId=/.test(url)
  const isTold = /^The authorization mechanism you have provided is not supported/.test(refusal.message)
  if (
    !isTold &&
    !(isSent && /^(?:SignatureDoesNotMatch|InvalidArgument|InvalidRequest|AccessDenied)$/.test(refusal.code))
  )
    return undefined
  return {
    cause: 'signature-version',
    message: isSent
      ? "The request is signed with Signature Version 2, and this service asks for version 4. Sign it with '@ez/aws-sigv4'; of boto3 ask for it with Config(signature_version='s3v4')."
      : 'The service takes Signature Version 4 (AWS4-HMAC-SHA256) alone, and found another authorization. Check that nothing replaced the authorization header.',
  }
}

/** An answer to HEAD, which has no body, so that the service cannot say why it refused. */
export function explainSilence(
  { status, body }: ResponseSnapshot,
  { method }: PreparedRequest,
): Diagnosis | undefined {
  if (method !== 'HEAD' || body.length > 0 || ![400, 401, 403].includes(status)) return undefined
  return {
    cause: 'no-reason-given',
    message: `The service refused with ${status}, and the answer to a HEAD has no body that could say why. Send the same request with GET, signed anew, and diagnose its answer.`,
  }
}
