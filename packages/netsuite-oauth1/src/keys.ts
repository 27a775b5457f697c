import { reveal, Secret } from '@ez/core'
import { encodeRfc3986 } from '@ez/core/crypto'
import type { OAuth1Credentials } from './options.ts'
import { type CreateSignature, prepareSignature, type SignatureMethod } from './signature.ts'

/** Credentials, made ready to sign with. */
export interface SigningKeys {
  /** Percent-encoded. */
  readonly consumerKey: string
  /** Percent-encoded; empty when there is none. */
  readonly token: string
  readonly createSignature: CreateSignature
  /** What the trace must not show. */
  readonly secrets: readonly string[]
}

/** Encodes the credentials and works the signing key out, once for many requests. */
export function prepareKeys(method: SignatureMethod, credentials: OAuth1Credentials): SigningKeys {
  const consumerSecret = reveal(credentials.consumerSecret)
  const tokenSecret = reveal(credentials.tokenSecret ?? '')
  const identifiers = [credentials.consumerKey, credentials.token].filter((value) => Secret.isInstance(value))
  const secrets = [consumerSecret, tokenSecret, ...identifiers.map(reveal)]
  // PLAINTEXT puts the secrets themselves on the wire, encoded in the signature and once more around it.
  if (method === 'PLAINTEXT')
    for (const value of [consumerSecret, tokenSecret].map(encodeRfc3986))
      secrets.push(value, encodeRfc3986(value))
  return {
    consumerKey: encodeRfc3986(reveal(credentials.consumerKey)),
    token: encodeRfc3986(reveal(credentials.token ?? '')),
    createSignature: prepareSignature(method, consumerSecret, tokenSecret),
    secrets: secrets.filter((value) => value !== ''),
  }
}

/** Keeps the keys of the credentials seen last, so that a function that gives the same ones costs nothing. */
export function createKeyCache(method: SignatureMethod): (credentials: OAuth1Credentials) => SigningKeys {
  let lastFields: readonly string[] = []
  let lastKeys: SigningKeys | undefined
  return (credentials) => {
    const { consumerKey, consumerSecret, token = '', tokenSecret = '' } = credentials
    const fields = [consumerKey, consumerSecret, token, tokenSecret].map(reveal)
    if (lastKeys && fields.every((field, index) => field === lastFields[index])) return lastKeys
    lastKeys = prepareKeys(method, credentials)
    lastFields = fields
    return lastKeys
  }
}
