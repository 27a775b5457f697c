import type { Pairs, Signer } from '@ez/core'
import { encodeRfc3986 } from '@ez/core/crypto'
import type { EncodedPair } from './canonical/query.ts'
import type { Identity } from './credentials/credentials.ts'
import type { Scheme } from './scheme.ts'
import type { SigningScope } from './string-to-sign.ts'
import type { FullSettings } from './upload-options.ts'

/** The query of a presigned request, before and after its signature is known. */
export interface Presigned {
  /** Encoded, as it enters the canonical request. */
  signed(signedHeaders: string): EncodedPair[]
  /** Decoded, as core appends it. */
  patch(signedHeaders: string, signature: string): Pairs
}

/** Every query name that a presigned request may get. */
function presignedNames(settings: FullSettings, scheme: Scheme): string[] {
  const names = [
    'X-Amz-Algorithm',
    'X-Amz-Credential',
    'X-Amz-Date',
    'X-Amz-SignedHeaders',
    'X-Amz-Expires',
    tokenParameter(settings),
    'X-Amz-Signature',
  ]
  if (settings.contentSha256Query) names.push('X-Amz-Content-Sha256')
  if (scheme.regionSet !== undefined) names.push('X-Amz-Region-Set')
  return names
}

function tokenParameter({ sessionTokenName }: FullSettings): string {
  return sessionTokenName === 'x-amz-security-token' ? 'X-Amz-Security-Token' : 'X-Amz-S3session-Token'
}

/**
 * The parameters of a presigned request.
 *
 * Source: Amazon S3 API Reference, "Authenticating requests: using query parameters".
 */
function presignedPairs(
  settings: FullSettings,
  scheme: Scheme,
  identity: Identity,
  credential: string,
  scope: SigningScope,
  payloadHash: string,
): Presigned {
  const pairs = (signedHeaders: string): [string, string][] => {
    const list: [string, string][] = [
      ['X-Amz-Algorithm', scheme.algorithm],
      ['X-Amz-Credential', credential],
      ['X-Amz-Date', scope.amzDate],
      ['X-Amz-SignedHeaders', signedHeaders],
      ['X-Amz-Expires', String(settings.expiresIn)],
    ]
    if (settings.contentSha256Query) list.push(['X-Amz-Content-Sha256', payloadHash])
    if (scheme.regionSet !== undefined) list.push(['X-Amz-Region-Set', scheme.regionSet])
    return list
  }
  const token = identity.sessionToken
  const tokenName = tokenParameter(settings)
  return {
    signed(signedHeaders) {
      const list = pairs(signedHeaders)
      if (token !== undefined && settings.signSessionToken) list.push([tokenName, token])
      return list.map(([name, value]) => [name, encodeRfc3986(value)] as const)
    },
    patch(signedHeaders, signature) {
      const list = pairs(signedHeaders)
      if (token !== undefined) list.push([tokenName, token])
      list.push(['X-Amz-Signature', signature])
      return list
    },
  }
}

/** Presigning, as a feature of a signer. */
export interface PresignFeature {
  readonly writes: Signer['writes']
  pairs(identity: Identity, credential: string, scope: SigningScope, payloadHash: string): Presigned
}

/** Presigning with the settings of a signer. */
export function presignWith(settings: FullSettings, scheme: Scheme): PresignFeature {
  return {
    writes: { headers: [], query: presignedNames(settings, scheme) },
    pairs: (identity, credential, scope, payloadHash) =>
      presignedPairs(settings, scheme, identity, credential, scope, payloadHash),
  }
}
