import { EzError } from './error.ts'

const brand: unique symbol = /* @__PURE__ */ Symbol.for('@ez/core.secret')
/** Where Node's `console.log` asks how a value is shown. */
export const inspect: unique symbol = /* @__PURE__ */ Symbol.for('nodejs.util.inspect.custom')

/** What a script may see of a secret; see {@link secret}. */
export interface SecretOptions {
  /**
   * Whether user-written scripts may read the value (default `true`). With `false` a script can only
   * place the token, and the host resolves it.
   */
  readonly allowedInScript?: boolean
}

/**
 * A value that is masked wherever the project prints: traces, logs, errors, JSON, `util.inspect`.
 *
 * Made by {@link secret}. It turns into `***` as text; `reveal` gives the value itself.
 */
export class Secret {
  readonly #value: string
  /** Whether user-written scripts may read the value. */
  readonly allowedInScript: boolean

  constructor(value: string, { allowedInScript = true }: SecretOptions = {}) {
    this.#value = value
    this.allowedInScript = allowedInScript
    Object.defineProperties(this, {
      [brand]: { value: () => this.#value },
      [inspect]: { value: () => 'Secret(***)' },
    })
  }

  /** Whether a value is a `Secret` of this or another installed copy. */
  static isInstance(value: unknown): value is Secret {
    return typeof value === 'object' && value !== null && brand in value
  }

  /** Always `***`. */
  toString(): string {
    return '***'
  }

  /** Always `***`. */
  toJSON(): string {
    return '***'
  }
}

/**
 * Marks a value as secret, so that it is sent but never shown.
 *
 * A secret shorter than six characters is masked only where it is a whole value.
 *
 * @throws EZ_CREDENTIAL_MISSING for `undefined`, EZ_OPTION_INVALID for anything else that is no string
 *
 * @example
 * ```ts
 * import { prepare, secret } from '@ez/core'
 *
 * const prepared = await prepare(
 *   { method: 'GET', url: 'https://api.example.com/', headers: { 'x-api-key': '{{key}}' } },
 *   { variables: { key: secret('example-key-123456') } },
 * )
 * console.log(prepared.toCurl({ mask: true }))
 * ```
 */
export function secret(value: string, options?: SecretOptions): Secret {
  const given: unknown = value
  if (given === undefined || given === null)
    throw new EzError(
      'EZ_CREDENTIAL_MISSING',
      'secret: the value is missing. Is the environment variable set?',
    )
  if (typeof given !== 'string')
    throw new EzError(
      'EZ_OPTION_INVALID',
      `secret: the value must be a string, and is of type ${typeof given}.`,
    )
  return new Secret(value, options)
}

/**
 * The text of a value that may be marked secret. For signers, whose credentials may be either.
 *
 * @example
 * ```ts
 * import { reveal, secret } from '@ez/core'
 *
 * reveal(secret('abc')) // 'abc'
 * reveal('abc') // 'abc'
 * ```
 */
export function reveal(value: string | Secret): string {
  return typeof value === 'string' ? value : (value as unknown as { [brand]: () => string })[brand]()
}

function tried<Value>(read: () => Value): Value | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}

/** The values of an object; of one whose getters throw, those that can be read. */
function valuesOf(object: object): unknown[] {
  const keys = (): string[] => tried(() => Object.keys(object)) ?? []
  return (
    tried(() => Object.values(object)) ??
    keys().map((key) => tried(() => (object as Record<string, unknown>)[key]))
  )
}

/** All secrets in a value, however deep. */
export function secretsIn(value: unknown): Secret[] {
  const secrets: Secret[] = []
  const objects = new Set([value])
  // The set grows while it is walked through.
  for (const object of objects) {
    if (typeof object !== 'object' || object === null || ArrayBuffer.isView(object)) continue
    if (tried(() => Secret.isInstance(object))) secrets.push(object as Secret)
    else for (const item of valuesOf(object)) if (typeof item === 'object') objects.add(item)
  }
  return secrets
}
