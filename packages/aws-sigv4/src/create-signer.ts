import {
  type MaybePromise,
  type Pairs,
  type ResolvedRequest,
  type SignContext,
  type Signer,
  type SignResult,
  whenReady,
} from '@ez/core'
import { canonicalObjectUrl } from './canonical/url.ts'
import { createCanonicalRequest } from './canonical-request.ts'
import { type Identity, identityOf } from './credentials/credentials.ts'
import type { Settings } from './options.ts'
import { payloadHash, sentHash } from './payload.ts'
import type { PresignFeature } from './presign.ts'
import type { Scheme } from './scheme.ts'
import type { ChunkedFeature, ChunkedPayload } from './streaming/payload.ts'
import { createStringToSign, type SigningScope } from './string-to-sign.ts'

const contentSha256 = 'x-amz-content-sha256'

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
    const chunks = features.chunked?.prepare(request)
    // A hash that the caller sends is the one that the service reads; core has removed ours before signing.
    const hash =
      chunks?.marker ??
      sentHash(request.headers, settings.contentSha256Header) ??
      payloadHash(request.body, settings.payload)
    return typeof hash === 'string'
      ? signWith(identity, request, scope, hash, chunks)
      : hash.then((known) => signWith(identity, request, scope, known, chunks))
  }

  const signWith = (
    identity: Identity,
    request: ResolvedRequest,
    scope: SigningScope,
    hash: string,
    chunks: ChunkedPayload | undefined,
  ): MaybePromise<SignResult> => {
    const credential = `${identity.accessKeyId}/${scope.text}`
    const presigned = features.presign?.pairs(identity, credential, scope, hash)
    const added = presigned ? [] : addedHeaders(settings, scheme, identity, scope, hash, chunks)
    const canonicalRequest = createCanonicalRequest({
      method: request.method,
      url: request.url,
      headers: request.headers,
      payloadHash: hash,
      signedHeaders: settings.signedHeaders,
      path: settings.path,
      addedHeaders: added,
      addedQuery: presigned?.signed,
    })
    const { signedHeaders } = canonicalRequest
    const stringToSign = createStringToSign(canonicalRequest.text, scope, scheme.algorithm)
    const seal = (signature: string): SignResult => {
      const authorization = `${scheme.algorithm} Credential=${credential}, SignedHeaders=${signedHeaders}, Signature=${signature}`
      const headers = presigned ? {} : headersOf(settings, added, identity, authorization)
      const query = presigned ? presigned.patch(signedHeaders, signature) : []
      return {
        patch:
          chunks && scheme.keyOf
            ? { headers, query, ...chunks.encode(scope, scheme.keyOf(identity, scope), signature) }
            : { headers, query },
        trace: [
          { id: 'canonical-request', value: canonicalRequest.text },
          { id: 'string-to-sign', value: stringToSign },
          { id: 'signature', value: signature },
        ],
        secrets: identity.secrets,
      }
    }
    const signature = scheme.sign(identity, scope, stringToSign)
    return typeof signature === 'string' ? seal(signature) : signature.then(seal)
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
        : whenReady(typeof credentials === 'function' ? credentials(context) : credentials, (given) =>
            signAs(identityOf(given), request, context),
          ),
  }
}

function writesOf(settings: Settings, scheme: Scheme, { presign, chunked }: Features): Signer['writes'] {
  if (presign) return presign.writes
  const headers = ['authorization', 'x-amz-date', settings.sessionTokenName]
  if (settings.contentSha256Header) headers.push(contentSha256)
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
  if (settings.contentSha256Header) added.push([contentSha256, hash])
  if (identity.sessionToken !== undefined && settings.signSessionToken)
    added.push([settings.sessionTokenName, identity.sessionToken])
  if (scheme.regionSet !== undefined) added.push(['x-amz-region-set', scheme.regionSet])
  return chunks ? [...added, ...chunks.headers] : added
}

function headersOf(
  settings: Settings,
  signed: Pairs,
  identity: Identity,
  authorization: string,
): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const [name, value] of signed) headers[name] = value
  // A token that is not signed still goes along (the official suite's post-sts-header-after).
  if (identity.sessionToken !== undefined) headers[settings.sessionTokenName] = identity.sessionToken
  headers.authorization = authorization
  return headers
}
