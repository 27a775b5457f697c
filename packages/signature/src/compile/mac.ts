import { createHmacKey, type HmacKey, hmac, hmacBytes } from '@ez/core/crypto'
import type { HashName } from '../language/piece.ts'
import type { Run, Value } from '../run/run.ts'
import { bytesOf, joined } from '../run/values.ts'
import { type Compiled, type Scope, together } from './scope.ts'
import { hashes } from './transform.ts'

const nothing: ReadonlySet<string> = new Set()

interface Kept<Made> {
  readonly from: Value
  readonly made: Made
}

function isSame(left: Value, right: Value): boolean {
  if (typeof left === 'string' || typeof right === 'string') return left === right
  return left.length === right.length && left.every((byte, index) => byte === right[index])
}

/** Makes something of a value, and keeps the last: keys seldom change. */
function kept<Made>(scope: Scope, make: (value: Value) => Made): (run: Run, value: Value) => Made {
  const place = scope.memo()
  return ({ memo }, value) => {
    const last = memo[place] as Kept<Made> | undefined
    if (last && isSame(last.from, value)) return last.made
    const made = make(value)
    memo[place] = { from: value, made } satisfies Kept<Made>
    return made
  }
}

/** A value that depends on options alone, read once while they stay. */
function constant(scope: Scope, { read, uses }: Compiled): (run: Run) => Value {
  for (const use of uses) if (!/^(?:option|stage):/.test(use)) return read
  const place = scope.memo()
  return (run) => {
    run.memo[place] ??= read(run)
    return run.memo[place] as Value
  }
}

/** The HMAC key of a piece. */
export function compileHmacKey(scope: Scope, name: HashName, key: Compiled): (run: Run) => HmacKey {
  const read = constant(scope, key)
  const make = kept(scope, (value) => createHmacKey(hashes[name], value))
  return (run) => make(run, read(run))
}

/** An HMAC as bytes. */
export function compileHmac(scope: Scope, name: HashName, key: Compiled, of: Compiled): Compiled {
  const keyOf = compileHmacKey(scope, name, key)
  return {
    uses: together([key, of]).uses,
    leaks: nothing,
    binary: true,
    read: (run) => hmacBytes(keyOf(run), of.read(run)),
  }
}

/** An HMAC as text at once, which is faster than bytes that are then written. */
export function compileHmacText(
  scope: Scope,
  name: HashName,
  key: Compiled,
  of: Compiled,
  encoding: 'hex' | 'base64',
): Compiled {
  const { uses } = together([key, of])
  const keyOf = compileHmacKey(scope, name, key)
  return { uses, leaks: nothing, binary: false, read: (run) => hmac(keyOf(run), of.read(run), encoding) }
}

/** A key derived in a chain: each HMAC is the key of the next. */
export function compileChain(
  scope: Scope,
  name: HashName,
  key: Compiled,
  over: readonly Compiled[],
): Compiled {
  const pieces = [key, ...over]
  const place = scope.memo()
  return {
    uses: together(pieces).uses,
    leaks: nothing,
    binary: true,
    read(run) {
      const values = pieces.map(({ read }) => read(run))
      const last = run.memo[place] as { readonly values: readonly Value[]; readonly made: Value } | undefined
      if (last?.values.every((value, index) => isSame(value, values[index] as Value))) return last.made
      const made = values.reduce((derived, value) => hmacBytes(createHmacKey(hashes[name], derived), value))
      run.memo[place] = { values, made }
      return made
    },
  }
}

/** HKDF. Source: RFC 5869. */
export function compileHkdf(
  name: HashName,
  pieces: readonly [key: Compiled, salt: Compiled, info: Compiled],
  length: number,
): Compiled {
  const [key, salt, info] = pieces
  return {
    uses: together(pieces).uses,
    leaks: nothing,
    binary: true,
    read(run) {
      const extracted = createHmacKey(
        hashes[name],
        hmacBytes(createHmacKey(hashes[name], salt.read(run)), key.read(run)),
      )
      let [block, made]: Value[] = ['', '']
      for (let counter = 1; bytesOf(made as Value).length < length; counter += 1) {
        block = hmacBytes(
          extracted,
          joined(run, [block as Value, info.read(run), Uint8Array.of(counter)], ''),
        )
        made = joined(run, [made as Value, block], '')
      }
      return bytesOf(made as Value).subarray(0, length)
    },
  }
}
