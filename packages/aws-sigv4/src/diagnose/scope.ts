import { type Diagnosis, headerOf, type PreparedRequest, type ResponseSnapshot } from '@ez/core'
import type { RefusalBody } from './refusal-body.ts'

/** Another region or service than the one that was signed for. */
export function explainScope({ code, message, field }: RefusalBody): Diagnosis | undefined {
  const region =
    /region '[^']*' is wrong; expecting '([^']*)'/.exec(message)?.[1] ??
    (code === 'AuthorizationHeaderMalformed' ? field('Region') : undefined)
  if (region !== undefined) return wrong(`The service expects the region "${region}". Set it.`)
  const service =
    /scoped to correct service: '([^']*)'/.exec(message)?.[1] ??
    /incorrect service ["'][^"']*["']\. This endpoint belongs to ["']([^"']*)["']/.exec(message)?.[1]
  if (service !== undefined)
    return wrong(`The service expects the signing name "${service}". Set service to it.`)
  // R2 lists its own.
  if (code === 'InvalidRegionName') return wrong(`The store knows no such region: ${message}`)
  const invalid = /scoped to a valid region(?:, not '([^']*)')?/.exec(message)
  if (!invalid) return undefined
  return wrong(
    `The region ${invalid[1] === undefined ? '' : `"${invalid[1]}" `}is not the one of this endpoint. Set the region that its host name holds.`,
  )
}

/**
 * The region of the bucket, which S3 tells in a header, even where the response has no body (HEAD), and the
 * endpoint of a 301, which has no `location`.
 *
 * Source: Amazon S3 API Reference, "HeadBucket"; Amazon S3 User Guide, "Request redirection and the REST API".
 */
export function explainBucketRegion(
  { status, headers }: ResponseSnapshot,
  { headers: sent, url }: PreparedRequest,
  refusal: RefusalBody | undefined,
): Diagnosis | undefined {
  const region = headerOf(headers, 'x-amz-bucket-region')
  const credential = headerOf(sent, 'authorization') ?? url.replaceAll('%2F', '/')
  const signed = /\/\d{8}\/([^/]+)\/[^/]+\/aws4_request/.exec(credential)?.[1]
  // Other stores send the header too, with names of their own beside the "auto" that is signed for.
  const isAmazon = region !== undefined && signed !== undefined && /-\d+$/.test(signed)
  if (isAmazon && region !== signed && [301, 400, 403].includes(status))
    return wrong(
      `The bucket is in the region "${region}", and "${signed}" was signed for. Set region, and its endpoint.`,
    )
  const endpoint = refusal?.code === 'PermanentRedirect' ? refusal.field('Endpoint') : undefined
  return endpoint === undefined
    ? undefined
    : wrong(`The bucket is at "${endpoint}". Set endpoint and region.`)
}

function wrong(message: string): Diagnosis {
  return { cause: 'wrong-region', message }
}
