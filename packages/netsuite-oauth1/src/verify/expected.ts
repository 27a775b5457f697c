import type { Received } from './received.ts'
import { encodeBytes, type WirePair } from './wire.ts'

/** The base string that the sender must have signed, worked out from what came in (RFC 5849 section 3.4.1). */
export function expectBaseString({ method, url }: Received, pairs: readonly WirePair[]): string {
  const encoded = pairs
    .filter(({ name }) => name !== 'oauth_signature')
    .map(({ name, value }) => [encodeBytes(name), encodeBytes(value)] as const)
    .sort(([leftName, leftValue], [rightName, rightValue]) =>
      leftName === rightName ? order(leftValue, rightValue) : order(leftName, rightName),
    )
  const parameters = encoded.map((pair) => pair.join('=')).join('&')
  // `URL` has put scheme and host into lower case and taken the default port away.
  const uri = `${url.protocol}//${url.host}${url.pathname}`
  return [method.toUpperCase(), uri, parameters].map(encodeBytes).join('&')
}

function order(left: string, right: string): number {
  return left < right ? -1 : Number(left > right)
}
