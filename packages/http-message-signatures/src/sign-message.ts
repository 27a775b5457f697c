import { EzError, type ResolvedRequest, type SignContext, type SignResult } from '@ez/core'
import { toBase64 } from '@ez/core/crypto'
import { secondsOf } from './clock.ts'
import type { Component } from './component.ts'
import type { Message } from './component-value.ts'
import { createContentDigest } from './content-digest.ts'
import type { HttpMessageSignaturesOptions } from './options.ts'
import { besideOthers } from './side-by-side.ts'
import { createSignature } from './signature.ts'
import { createSignatureBase, createSignatureParameters } from './signature-base.ts'

export const id = 'http-message-signatures'

/** With what a message is signed. */
export interface Signing {
  readonly key: CryptoKey
  readonly components: readonly Component[]
  readonly label: string
}

/** A signature and what it was made of. */
export interface SignedMessage {
  /** The headers to set: `signature-input`, `signature` and, where it is signed, `content-digest`. */
  readonly headers: Readonly<Record<string, string>>
  /** Stages `signature-base` and `signature` (base64). */
  readonly trace: SignResult['trace']
}

/**
 * Signs a request or a response.
 *
 * @throws EZ_COMPONENT_MISSING, EZ_BODY_UNSIGNABLE, EZ_CLOCK_INVALID, EZ_WRITE_CONFLICT
 */
export async function signMessage(
  message: Message & Pick<ResolvedRequest, 'body'>,
  options: HttpMessageSignaturesOptions,
  { key, components, label }: Signing,
  context: Pick<SignContext, 'now' | 'nonce'>,
  baseOf: typeof createSignatureBase = createSignatureBase,
): Promise<SignedMessage> {
  const { algorithm, keyId, tag, created = true, expiresIn, fieldTypes } = options
  const digest: Record<string, string> = components.some(({ name }) => name === 'content-digest')
    ? { 'content-digest': await digestOf(message.body, options) }
    : {}
  const seconds = created || expiresIn !== undefined ? secondsOf(context) : 0
  const parameters = createSignatureParameters(components, {
    ...(created ? { created: seconds } : {}),
    ...(keyId === undefined ? {} : { keyid: keyId }),
    ...(options.alg ? { alg: algorithm } : {}),
    ...(expiresIn === undefined ? {} : { expires: seconds + expiresIn }),
    ...(options.nonce ? { nonce: context.nonce() } : {}),
    ...(tag === undefined ? {} : { tag }),
  })
  const headers = [
    ...message.headers.filter(([name]) => !Object.hasOwn(digest, name)),
    ...Object.entries(digest),
  ]
  const signatureBase = baseOf({ ...message, headers, fieldTypes }, components, parameters)
  const signature = toBase64(await createSignature(algorithm, key, signatureBase))
  return {
    headers: { ...digest, ...besideOthers(message.headers, label, keyId, parameters, signature) },
    trace: [
      { id: 'signature-base', value: signatureBase },
      { id: 'signature', value: signature },
    ],
  }
}

function digestOf(body: ResolvedRequest['body'], options: HttpMessageSignaturesOptions): Promise<string> {
  const bytes = body ?? new Uint8Array()
  if (bytes instanceof Uint8Array) return createContentDigest(options.contentDigest ?? 'sha-256', bytes)
  throw new EzError(
    'EZ_BODY_UNSIGNABLE',
    `${id}: the digest of a stream is not known before it is sent. Send bytes, or leave content-digest out.`,
  )
}
