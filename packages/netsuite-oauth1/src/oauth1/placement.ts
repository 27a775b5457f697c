import { EzError, type SignResult } from '@ez/core'
import { utf8 } from '@ez/core/crypto'
import type { EncodedPair } from '../parameters/encoded-pairs.ts'
import { hole } from '../parameters/holes.ts'
import type { ProtocolParameters, RequestValues } from '../parameters/protocol.ts'

/** Puts the parameters into the request; the form is the body's text when it is one. */
export type Place = (
  protocol: ProtocolParameters,
  values: RequestValues,
  signature: string,
  form: string | undefined,
) => SignResult['patch']

/** Parameters in the `Authorization` header (RFC 5849 section 3.5.1). */
export const inHeader: Place = (protocol, values, signature) => ({
  headers: { authorization: protocol.header(values, signature) },
  query: [],
})

/** Parameters in the query (RFC 5849 section 3.5.3). */
export const inQuery: Place = (protocol, values, signature) => ({
  headers: {},
  query: allPairs(protocol, values, signature).map(([name, value]) => [
    decodeURIComponent(name),
    decodeURIComponent(value),
  ]),
})

/** Parameters behind those of a form body (RFC 5849 section 3.5.2). @throws EZ_BODY_NOT_FORM */
export const inForm: Place = (protocol, values, signature, form): SignResult['patch'] => {
  if (form === undefined)
    throw new EzError(
      'EZ_BODY_NOT_FORM',
      'oauth1: placement "form" needs a body of type application/x-www-form-urlencoded. Give the body as { form }.',
    )
  const pairs = allPairs(protocol, values, signature).map((pair) => pair.join('='))
  return { headers: {}, query: [], body: utf8([...(form === '' ? [] : [form]), ...pairs].join('&')) }
}

function allPairs(protocol: ProtocolParameters, values: RequestValues, signature: string): EncodedPair[] {
  let next = 0
  const filled = protocol.pairs.map(
    ([name, value]): EncodedPair => [name, value === hole ? (values[next++] as string) : value],
  )
  return [...filled, ['oauth_signature', signature]]
}
