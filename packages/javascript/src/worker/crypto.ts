import { createHash, createHmac, getRandomValues, randomUUID } from 'node:crypto'
import type { QuickJSHandle } from 'quickjs-emscripten-core'
import type { Arguments, Border } from './border.ts'
import { use } from './use.ts'

const algorithms = ['sha1', 'sha256', 'sha384', 'sha512', 'md5']
const encodings = ['hex', 'base64', 'base64url']
const mostRandomBytes = 65_536

/** The sandbox's `crypto`, worked out by the host. */
export function cryptoObject(border: Border): QuickJSHandle {
  const hash = (algorithm: string, given: Arguments, from: number): unknown =>
    written(createHash(algorithm).update(given.data(from)), given, from + 1)
  return border.object({
    hash: (given) => hash(algorithmOf(given.text(0)), given, 1),
    sha1: (given) => hash('sha1', given, 0),
    sha256: (given) => hash('sha256', given, 0),
    sha512: (given) => hash('sha512', given, 0),
    hmac: (given) =>
      written(createHmac(algorithmOf(given.text(0)), given.data(1)).update(given.data(2)), given, 3),
    randomUUID: () => randomUUID(),
    getRandomValues: (given) => {
      const { context } = border
      const view = given.at(0)
      const length = use(context.getProp(view, 'byteLength'), (value) => context.getNumber(value))
      if (!(length <= mostRandomBytes))
        throw new RangeError('crypto.getRandomValues: give a typed array of at most 65,536 bytes')
      use(border.enter(getRandomValues(new Uint8Array(length))), (bytes) =>
        border.help('overwrite', view, bytes).dispose(),
      )
      return view.dup()
    },
  })
}

/** A number in [0, 1) with all its 53 bits from the CSPRNG. */
export function random(): number {
  const [high, low] = getRandomValues(new Uint32Array(2)) as unknown as [number, number]
  return (high * 2 ** 21 + (low >>> 11)) / 2 ** 53
}

function algorithmOf(name: string): string {
  if (algorithms.includes(name)) return name
  throw new TypeError(`crypto: the algorithm must be one of ${algorithms.join(', ')}`)
}

function written(
  digest: { digest(encoding: 'hex'): string; digest(): Uint8Array },
  given: Arguments,
  index: number,
): string | Uint8Array {
  if (given.isMissing(index)) return digest.digest()
  const encoding = given.text(index)
  if (encodings.includes(encoding)) return digest.digest(encoding as 'hex')
  throw new TypeError(`crypto: the encoding must be one of ${encodings.join(', ')}, or left out for bytes`)
}
