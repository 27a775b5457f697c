import type { HashName, KeyPairAlgorithm } from '../language/piece.ts'
import type { Run, Value } from '../run/run.ts'
import { decided, undecided } from './choice.ts'
import { compileHmac } from './mac.ts'
import { compileKey, compileOperand, isSecret } from './piece.ts'
import { compileReference, transformed } from './reference.ts'
import { type Compiled, entries, fields, made, type Scope, text, together } from './scope.ts'
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

const forms = {
  hmac: 'hmac key of as',
  hash: 'hash of as',
  sign: 'sign key of as salt',
  choose: 'choose from',
}

/** Compiles the rule of the signature. @throws EZ_OPTION_INVALID */
export function compileSignature(scope: Scope, place: string, written: unknown): CompiledSignature {
  scope.count(place)
  const form = scope.form(place, forms, written)
  const shape = fields(scope, place, written, forms[form])
  if (form === 'choose') return scope.nested(place, () => compileChoice(scope, place, shape))
  const of = compileOperand(scope, `${place}.of`, shape.of)
  const as = text(scope, `${place}.as`, shape.as).split('|')
  const write = (piece: Compiled, transforms: readonly string[]): Compiled => {
    const written = transformed(scope, `${place}.as`, piece, transforms)
    if (written.binary) scope.fail(`${place}.as`, 'the signature must be text: add hex or base64')
    return written
  }
  if (form === 'sign') return compileKeyPair(scope, place, shape, of, as, write)
  const name: HashName = scope.among(place, hashes, shape[form])
  let piece: Compiled
  if (form === 'hash') {
    piece = write(of, [name, ...as])
    if (![...of.uses].some((use) => isSecret(scope, use)))
      scope.fail(place, 'no secret is hashed: everybody could sign')
  } else {
    const key = compileKey(scope, place, shape.key)
    const [first, ...rest] = as
    piece =
      first === 'hex' || first === 'base64'
        ? write(compileHmac(scope, name, key, of, first), rest)
        : write(compileHmac(scope, name, key, of), as)
  }
  return { uses: piece.uses, choose: () => piece }
}

function compileKeyPair(
  scope: Scope,
  place: string,
  shape: Record<string, unknown>,
  of: Compiled,
  as: readonly string[],
  writer: (piece: Compiled, transforms: readonly string[]) => Compiled,
): CompiledSignature {
  const algorithm: KeyPairAlgorithm = scope.among(place, algorithms, shape.sign)
  const key = compileKey(scope, place, shape.key)
  const { salt = algorithms[algorithm] } = shape
  if (!Number.isSafeInteger(salt) || (salt as number) < 0 || (salt as number) > 512)
    scope.fail(place, 'salt must be a number of bytes')
  let given: Value = ''
  const piece = writer({ ...made([], () => given), binary: true }, as)
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

function compileChoice(scope: Scope, place: string, shape: Record<string, unknown>): CompiledSignature {
  const by = compileReference(scope, `${place}.choose`, text(scope, `${place}.choose`, shape.choose))
  const rules = new Map(
    entries(scope, `${place}.from`, shape.from).map(([name, rule]) => [
      name,
      compileSignature(scope, `${place}.from.${name}`, rule),
    ]),
  )
  return {
    uses: new Set([by, ...rules.values()].flatMap(({ uses }) => [...uses])),
    choose: (run) =>
      (rules.get(decided(run, () => by.read(run) as string)) ?? undecided(scope.id, place)).choose(run),
  }
}
