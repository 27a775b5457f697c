import type { Pairs, ResolvedRequest, SignContext, Signer, SignResult } from '@ez/core'
import { createCanonicalRequest } from './canonical-request.ts'
import { canonicalObjectUrl } from './canonical-url.ts'
import { type Identity, identityOf } from './credentials.ts'
import { SigningKeyCache } from './key-cache.ts'
import { type AwsSigV4Options, resolveOptions, type Settings } from './options.ts'
import { payloadHash } from './payload.ts'
import { presignedNames, presignedPairs } from './presign.ts'
import { ScopeClock } from './scope-clock.ts'
import { createSignature } from './signature.ts'
import { algorithm, createStringToSign, type SigningScope } from './string-to-sign.ts'

const id = 'aws-sigv4'

/**
 * A signer for AWS Signature Version 4: header and presigned requests, any service, any region.
 *
 * Writes `x-amz-date`, `authorization` and, where they apply, `x-amz-content-sha256` and
 * `x-amz-security-token`; or the `X-Amz-…` query parameters. Trace stages: `canonical-request`,
 * `string-to-sign`, `signature`. It signs synchronously when credentials are a value and the platform
 * hashes synchronously.
 *
 * Source: AWS IAM User Guide, "AWS Signature Version 4 for API requests".
 *
 * @throws EZ_OPTION_INVALID, EZ_CREDENTIAL_MISSING; when signing also EZ_BODY_UNSIGNABLE,
 * EZ_URL_NOT_SENDABLE, EZ_CLOCK_INVALID
 *
 * @example
 * ```ts
 * import { awsSigV4 } from '@ez/aws-sigv4'
 *
 * const signer = awsSigV4({
 *   service: 'execute-api',
 *   region: 'us-east-1',
 *   credentials: {
 *     accessKeyId: 'AKIDEXAMPLE',
 *     secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
 *   },
 * })
 * ```
 */
export function awsSigV4(options: AwsSigV4Options): Signer {
  const settings = resolveOptions(options)
  const { credentials } = settings
  const clock = new ScopeClock(settings.region, settings.service)
  const keys = new SigningKeyCache()
  const fixed = typeof credentials === 'function' ? undefined : identityOf(credentials)

  const signAs = (
    identity: Identity,
    request: ResolvedRequest,
    context: SignContext,
  ): SignResult | Promise<SignResult> => {
    const scope = clock.at(context.now().getTime() + settings.clockOffsetMs)
    const hash = payloadHash(request.body, settings.payload)
    return typeof hash === 'string'
      ? signWith(settings, keys, identity, scope, request, hash)
      : hash.then((known) => signWith(settings, keys, identity, scope, request, known))
  }

  return {
    specVersion: 1,
    id,
    writes: writesOf(settings),
    ...(settings.path.decodeSlash ? { canonicalUrl: canonicalObjectUrl } : {}),
    sign(request, context) {
      if (fixed) return signAs(fixed, request, context)
      const given = typeof credentials === 'function' ? credentials(context) : credentials
      return given instanceof Promise
        ? given.then((known) => signAs(identityOf(known), request, context))
        : signAs(identityOf(given), request, context)
    },
  }
}

function writesOf(settings: Settings): Signer['writes'] {
  if (settings.placement === 'query') return { headers: [], query: presignedNames(settings) }
  const headers = ['authorization', 'x-amz-date', 'x-amz-security-token']
  if (settings.contentSha256Header) headers.push('x-amz-content-sha256')
  return { headers, query: [] }
}

function signWith(
  settings: Settings,
  keys: SigningKeyCache,
  identity: Identity,
  scope: SigningScope,
  request: ResolvedRequest,
  hash: string,
): SignResult {
  const credential = `${identity.accessKeyId}/${scope.text}`
  const inQuery = settings.placement === 'query'
  const signedHeaders: [string, string][] = []
  if (!inQuery) {
    signedHeaders.push(['x-amz-date', scope.amzDate])
    if (settings.contentSha256Header) signedHeaders.push(['x-amz-content-sha256', hash])
    if (identity.sessionToken !== undefined && settings.signSessionToken)
      signedHeaders.push(['x-amz-security-token', identity.sessionToken])
  }
  const presigned = inQuery ? presignedPairs(settings, identity, credential, scope, hash) : undefined
  const canonicalRequest = createCanonicalRequest({
    method: request.method,
    url: request.url,
    headers: request.headers,
    payloadHash: hash,
    signedHeaders: settings.signedHeaders,
    path: settings.path,
    addedHeaders: signedHeaders,
    ...(presigned ? { addedQuery: presigned.signed } : {}),
  })
  const stringToSign = createStringToSign(canonicalRequest.text, scope)
  const key = keys.get(identity.secretDigest, identity.secretAccessKey, scope)
  const signature = createSignature(key, stringToSign)
  return {
    patch: presigned
      ? { headers: {}, query: presigned.patch(canonicalRequest.signedHeaders, signature) }
      : {
          headers: headerPatch(
            signedHeaders,
            identity,
            `${algorithm} Credential=${credential}, SignedHeaders=${canonicalRequest.signedHeaders}, Signature=${signature}`,
          ),
          query: [],
        },
    trace: [
      { id: 'canonical-request', value: canonicalRequest.text },
      { id: 'string-to-sign', value: stringToSign },
      { id: 'signature', value: signature },
    ],
    secrets: identity.secrets,
  }
}

function headerPatch(signed: Pairs, identity: Identity, authorization: string): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const [name, value] of signed) headers[name] = value
  // A token that is not signed still goes along (the official suite's post-sts-header-after).
  if (identity.sessionToken !== undefined) headers['x-amz-security-token'] = identity.sessionToken
  headers.authorization = authorization
  return headers
}
