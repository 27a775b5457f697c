import { createHash, createHmac, getRandomValues, randomUUID } from 'node:crypto'
import type { Given, HostFunction } from './host-function.ts'

const algorithms = ['sha1', 'sha256', 'sha384', 'sha512', 'md5']
const encodings = ['hex', 'base64', 'base64url']

/** What the sandbox's `crypto` and `Math.random` are worked out with. */
export const cryptoFunctions: Readonly<Record<string, HostFunction>> = {
  hash: (given) => digested(createHash(algorithmOf(given)).update(given.data(1)), given, 2),
  hmac: (given) => digested(createHmac(algorithmOf(given), given.data(1)).update(given.data(2)), given, 3),
  randomUUID: () => randomUUID(),
  randomBytes: (given) => getRandomValues(new Uint8Array(given.number(0))),
  random,
}

/** A number in [0, 1) with all its 53 bits from the CSPRNG. */
function random(): number {
  const [high, low] = getRandomValues(new Uint32Array(2)) as unknown as [number, number]
  return (high * 2 ** 21 + (low >>> 11)) / 2 ** 53
}

function algorithmOf(given: Given): string {
  const name = given.text(0)
  if (algorithms.includes(name)) return name
  throw new TypeError(`crypto: the algorithm must be one of ${algorithms.join(', ')}`)
}

function digested(
  digest: { digest(encoding: 'hex'): string; digest(): Uint8Array },
  given: Given,
  index: number,
): string | Uint8Array {
  if (given.isMissing(index)) return digest.digest()
  const encoding = given.text(index)
  if (encodings.includes(encoding)) return digest.digest(encoding as 'hex')
  throw new TypeError(`crypto: the encoding must be one of ${encodings.join(', ')}, or left out for bytes`)
}
