import type { HashName, KeyPairAlgorithm } from '../language/piece.ts'
import type { Run, Value } from '../run/run.ts'
import { undecided } from './choice.ts'
import { compileHmac, compileHmacText } from './mac.ts'
import { compileKey, compileOperand } from './piece.ts'
import { compileReference, transformed } from './reference.ts'
import { type Compiled, entries, fields, type Scope, text, together } from './scope.ts'
import { hashes } from './transform.ts'

/** A signature with a key pair, ready to be made or verified. */
export interface KeyPairRule {
  readonly algorithm: KeyPairAlgorithm
  readonly key: Compiled
  readonly of: Compiled
  /** Writes the bytes of the signature as text. */
  readonly write: (run: Run, bytes: Value) => Value
  /** The transforms as written, for reading the text back. */
  readonly as: readonly string[]
  /** Bytes. */
  readonly salt: number
}

/** The signature of a description. */
export interface CompiledSignature {
  readonly uses: ReadonlySet<string>
  /** The rule that fits: a text that can be computed, or a signature with a key pair. */
  readonly choose: (run: Run) => Compiled | KeyPairRule
}

/** Salt lengths of RSA-PSS in bytes by default, and all key-pair algorithms. */
export const algorithms: Readonly<Record<KeyPairAlgorithm, number>> = {
  'rsa-sha1': 0,
  'rsa-sha256': 0,
  'rsa-sha512': 0,
  'rsa-pss-sha256': 32,
  'rsa-pss-sha512': 64,
  'ecdsa-p256-sha256': 0,
  ed25519: 0,
}

/** Compiles the rule of the signature. @throws EZ_OPTION_INVALID */
export function compileSignature(scope: Scope, place: string, written: unknown): CompiledSignature {
  scope.count(place)
  const form = ['hmac', 'hash', 'sign', 'choose'].find(
    (name) => typeof written === 'object' && written !== null && name in written,
  )
  if (form === undefined) scope.fail(place, 'the signature has one of hmac, hash, sign, choose')
  if (form === 'choose') return scope.nested(place, () => compileChoice(scope, place, written))
  const shape = fields(
    scope,
    place,
    written,
    form === 'sign' ? 'sign key of as salt' : form === 'hash' ? 'hash of as' : 'hmac key of as',
  )
  const of = compileOperand(scope, `${place}.of`, shape.of)
  const as = text(scope, `${place}.as`, shape.as).split('|')
  if (form === 'sign') return compileKeyPair(scope, place, shape, of, as)
  const name = shape[form as 'hmac' | 'hash'] as HashName
  if (!Object.hasOwn(hashes, name))
    scope.fail(place, `${form} must be one of ${Object.keys(hashes).join(', ')}`)
  const piece =
    form === 'hash'
      ? transformed(scope, place, of, [name, ...as])
      : compileMac(scope, place, shape, name, of, as)
  if (form === 'hash' && ![...of.leaks].length) scope.fail(place, 'no secret is hashed: everybody could sign')
  if (piece.binary) scope.fail(`${place}.as`, 'the signature must be text: add hex or base64')
  return { uses: piece.uses, choose: () => piece }
}

function compileMac(
  scope: Scope,
  place: string,
  shape: Record<string, unknown>,
  name: HashName,
  of: Compiled,
  as: readonly string[],
): Compiled {
  const key = compileKey(scope, place, shape.key)
  const [first, ...rest] = as
  return first === 'hex' || first === 'base64'
    ? transformed(scope, `${place}.as`, compileHmacText(scope, name, key, of, first), rest)
    : transformed(scope, `${place}.as`, compileHmac(scope, name, key, of), as)
}

function compileKeyPair(
  scope: Scope,
  place: string,
  shape: Record<string, unknown>,
  of: Compiled,
  as: readonly string[],
): CompiledSignature {
  const algorithm = shape.sign as KeyPairAlgorithm
  if (!Object.hasOwn(algorithms, algorithm))
    scope.fail(place, `sign must be one of ${Object.keys(algorithms).join(', ')}`)
  const key = compileKey(scope, place, shape.key)
  const { salt = algorithms[algorithm] } = shape
  if (!Number.isSafeInteger(salt) || (salt as number) < 0 || (salt as number) > 512)
    scope.fail(place, 'salt must be a number of bytes')
  let given: Value = ''
  const bytes: Compiled = { read: () => given, uses: new Set(), leaks: new Set(), binary: true }
  const piece = transformed(scope, `${place}.as`, bytes, as)
  if (piece.binary) scope.fail(`${place}.as`, 'the signature must be text: add hex or base64')
  const rule: KeyPairRule = {
    algorithm,
    key,
    of,
    as,
    salt: salt as number,
    write(run, value) {
      given = value
      return piece.read(run)
    },
  }
  return { uses: together([key, of]).uses, choose: () => rule }
}

function compileChoice(scope: Scope, place: string, written: unknown): CompiledSignature {
  const shape = fields(scope, place, written, 'choose from')
  const by = compileReference(scope, `${place}.choose`, text(scope, `${place}.choose`, shape.choose))
  const rules = new Map(
    entries(scope, `${place}.from`, shape.from).map(([name, rule]) => [
      name,
      compileSignature(scope, `${place}.from.${name}`, rule),
    ]),
  )
  return {
    uses: new Set([...by.uses, ...[...rules.values()].flatMap(({ uses }) => [...uses])]),
    choose(run) {
      const name = (): string => by.read(run) as string
      const rule = rules.get(run.notes ? run.notes.aside(name) : name())
      return (rule ?? undecided(scope.id, place)).choose(run)
    },
  }
}
