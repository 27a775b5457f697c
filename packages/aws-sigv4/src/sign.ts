import type { Pairs, ResolvedRequest, SignContext, Signer, SignResult } from '@ez/core'
import { createCanonicalRequest } from './canonical-request.ts'
import { canonicalObjectUrl } from './canonical-url.ts'
import { type Identity, identityOf } from './credentials.ts'
import { type MaybePromise, then } from './maybe-promise.ts'
import type { Settings } from './options.ts'
import { payloadHash } from './payload.ts'
import type { PresignFeature } from './presign.ts'
import type { Scheme } from './scheme.ts'
import type { ChunkedFeature, ChunkedPayload } from './streaming/payload.ts'
import { createStringToSign, type SigningScope } from './string-to-sign.ts'

/** What a signer does beyond signing headers over a hash; apart, so that bundles hold only what they use. */
export interface Features {
  readonly presign?: PresignFeature
  readonly chunked?: ChunkedFeature
  readonly diagnose?: NonNullable<Signer['diagnose']>
}

/** A signer of one scheme with the given features. */
export function createSigner(id: string, settings: Settings, scheme: Scheme, features: Features): Signer {
  const { credentials } = settings
  const fixed = typeof credentials === 'function' ? undefined : identityOf(credentials)

  const signAs = (
    identity: Identity,
    request: ResolvedRequest,
    context: SignContext,
  ): MaybePromise<SignResult> => {
    const scope = scheme.scopeAt(context.now().getTime() + settings.clockOffsetMs)
    const chunks = features.chunked?.prepare(request, settings)
    // A hash that the caller sends is the one that the service reads; ours was removed before signing.
    const sent = settings.contentSha256Header ? undefined : request.headers.find(isContentSha256)?.[1]
    return then(chunks?.marker ?? sent ?? payloadHash(request.body, settings.payload), (hash) =>
      signWith(identity, request, scope, hash, chunks),
    )
  }

  const signWith = (
    identity: Identity,
    request: ResolvedRequest,
    scope: SigningScope,
    hash: string,
    chunks: ChunkedPayload | undefined,
  ): MaybePromise<SignResult> => {
    const credential = `${identity.accessKeyId}/${scope.text}`
    const presigned = features.presign?.pairs(settings, scheme, identity, credential, scope, hash)
    const added = presigned ? [] : addedHeaders(settings, scheme, identity, scope, hash, chunks)
    const canonicalRequest = createCanonicalRequest({
      method: request.method,
      url: request.url,
      headers: request.headers,
      payloadHash: hash,
      signedHeaders: settings.signedHeaders,
      path: settings.path,
      addedHeaders: added,
      ...(presigned ? { addedQuery: presigned.signed } : {}),
    })
    const { signedHeaders } = canonicalRequest
    const stringToSign = createStringToSign(canonicalRequest.text, scope, scheme.algorithm)
    return then(scheme.sign(identity, scope, stringToSign), (signature) => ({
      patch: presigned
        ? { headers: {}, query: presigned.patch(signedHeaders, signature) }
        : {
            headers: {
              ...Object.fromEntries(added),
              // A token that is not signed still goes along (the official suite's post-sts-header-after).
              ...(identity.sessionToken === undefined
                ? {}
                : { 'x-amz-security-token': identity.sessionToken }),
              authorization: `${scheme.algorithm} Credential=${credential}, SignedHeaders=${signedHeaders}, Signature=${signature}`,
            },
            query: [],
            ...(chunks && scheme.keyOf ? chunks.encode(scope, scheme.keyOf(identity, scope), signature) : {}),
          },
      trace: [
        { id: 'canonical-request', value: canonicalRequest.text },
        { id: 'string-to-sign', value: stringToSign },
        { id: 'signature', value: signature },
      ],
      secrets: identity.secrets,
    }))
  }

  return {
    specVersion: 1,
    id,
    writes: writesOf(settings, scheme, features),
    ...(settings.path.decodeSlash ? { canonicalUrl: canonicalObjectUrl } : {}),
    ...(features.diagnose ? { diagnose: features.diagnose } : {}),
    sign: (request, context) =>
      fixed
        ? signAs(fixed, request, context)
        : then(typeof credentials === 'function' ? credentials(context) : credentials, (given) =>
            signAs(identityOf(given), request, context),
          ),
  }
}

function isContentSha256([name]: readonly [string, string]): boolean {
  return name.toLowerCase() === 'x-amz-content-sha256'
}

function writesOf(settings: Settings, scheme: Scheme, { presign, chunked }: Features): Signer['writes'] {
  if (presign) return presign.writes(settings, scheme)
  const headers = ['authorization', 'x-amz-date', 'x-amz-security-token']
  if (settings.contentSha256Header) headers.push('x-amz-content-sha256')
  if (scheme.regionSet !== undefined) headers.push('x-amz-region-set')
  return chunked ? chunked.writes(headers) : { headers, query: [] }
}

function addedHeaders(
  settings: Settings,
  scheme: Scheme,
  identity: Identity,
  scope: SigningScope,
  hash: string,
  chunks: ChunkedPayload | undefined,
): Pairs {
  const added: [string, string][] = [['x-amz-date', scope.amzDate]]
  if (settings.contentSha256Header) added.push(['x-amz-content-sha256', hash])
  if (identity.sessionToken !== undefined && settings.signSessionToken)
    added.push(['x-amz-security-token', identity.sessionToken])
  if (scheme.regionSet !== undefined) added.push(['x-amz-region-set', scheme.regionSet])
  return chunks ? [...added, ...chunks.headers] : added
}
