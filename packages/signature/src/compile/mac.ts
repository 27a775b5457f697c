import { createHmacKey, type HmacKey, hmac, hmacBytes } from '@ez/core/crypto'
import type { HashName } from '../language/piece.ts'
import type { Run, Value } from '../run/run.ts'
import { bytesOf, joined } from '../run/values.ts'
import { type Compiled, made, type Scope } from './scope.ts'
import { hashes } from './transform.ts'

interface Kept {
  readonly from: readonly Value[]
  readonly made: unknown
}

function isSame(left: Value, right: Value): boolean {
  if (typeof left === 'string' || typeof right === 'string') return left === right
  return left.length === right.length && left.every((byte, index) => byte === right[index])
}

/** Makes something of values, and keeps the last: keys seldom change. */
function kept<Made>(
  scope: Scope,
  pieces: readonly Compiled[],
  make: (values: readonly Value[]) => Made,
): (run: Run) => Made {
  const place = scope.memo()
  // What depends on options alone is read once while they stay.
  const isConstant = pieces.every(({ uses }) => [...uses].every((use) => /^(?:option|stage):/.test(use)))
  return (run) => {
    const last = run.memo[place] as Kept | undefined
    if (last && isConstant) return last.made as Made
    const from = pieces.map(({ read }) => read(run))
    if (last?.from.every((value, index) => isSame(value, from[index] as Value))) return last.made as Made
    const result = make(from)
    run.memo[place] = { from, made: result } satisfies Kept
    return result
  }
}

const hidden = (pieces: readonly Compiled[], read: Compiled['read'], binary = true): Compiled => ({
  ...made(pieces, read, binary),
  leaks: new Set(),
})

/** An HMAC: as bytes, or as text at once, which is faster than bytes that are then written. */
export function compileHmac(
  scope: Scope,
  name: HashName,
  key: Compiled,
  of: Compiled,
  encoding?: 'hex' | 'base64',
): Compiled {
  const keyOf = kept(scope, [key], ([value]): HmacKey => createHmacKey(hashes[name], value as Value))
  return hidden(
    [key, of],
    encoding
      ? (run) => hmac(keyOf(run), of.read(run), encoding)
      : (run) => hmacBytes(keyOf(run), of.read(run)),
    !encoding,
  )
}

/** A key derived in a chain: each HMAC is the key of the next. */
export function compileChain(
  scope: Scope,
  name: HashName,
  key: Compiled,
  over: readonly Compiled[],
): Compiled {
  const pieces = [key, ...over]
  return hidden(
    pieces,
    kept(scope, pieces, (values) =>
      values.reduce((derived, value) => hmacBytes(createHmacKey(hashes[name], derived), value)),
    ),
  )
}

/** HKDF. Source: RFC 5869. */
export function compileHkdf(
  name: HashName,
  pieces: readonly [key: Compiled, salt: Compiled, info: Compiled],
  length: number,
): Compiled {
  return hidden(pieces, (run) => {
    const [key, salt, info] = pieces.map(({ read }) => read(run)) as [Value, Value, Value]
    const extracted = createHmacKey(hashes[name], hmacBytes(createHmacKey(hashes[name], salt), key))
    let [block, whole]: Value[] = ['', '']
    for (let counter = 1; bytesOf(whole as Value).length < length; counter += 1) {
      block = hmacBytes(extracted, joined(run, [block as Value, info, Uint8Array.of(counter)], ''))
      whole = joined(run, [whole as Value, block], '')
    }
    return bytesOf(whole as Value).subarray(0, length)
  })
}
