import { headerOf, type PreparedRequest } from '@ez/core'
import * as signatures from '@ez/http-message-signatures'
import { verifyHttpMessageSignatures } from '@ez/http-message-signatures/verify'
import { type Adapter, text } from './adapter.ts'
import { nobodysBase64 } from './keys.ts'
import { publicHalf } from './public-half.ts'

const labelOf = ({ headers }: PreparedRequest): string =>
  /^\s*([\w*.-]+)=/.exec(headerOf(headers, 'signature-input') ?? '')?.[1] ?? ''

export const messageSignaturesAdapter: Adapter = {
  id: 'http-message-signatures',
  title: 'HTTP Message Signatures (RFC 9421)',
  use: '@ez/http-message-signatures',
  module: signatures,
  provider: signatures.provider as never,
  // The base that is signed does not depend on the key, so that the simplest one does.
  nobody: () => ({ algorithm: 'hmac-sha256', key: nobodysBase64 }),
  async verify(prepared, { algorithm, key, fieldTypes }, now) {
    const secret = await publicHalf(text(key))
    return verifyHttpMessageSignatures(prepared, {
      now,
      requiredComponents: [],
      allowUndated: true,
      label: labelOf(prepared),
      secretFor: () => ({ algorithm: algorithm as signatures.SignatureAlgorithm, key: secret }),
      ...(fieldTypes !== undefined && { fieldTypes: fieldTypes as signatures.FieldTypes }),
    })
  },
  keySteps: () => [
    'With a shared secret: signature = base64(HMAC-SHA256(secret, signature base))',
    'With a key pair: signature = base64(sign(private key, signature base)), by the algorithm of the key',
  ],
}
