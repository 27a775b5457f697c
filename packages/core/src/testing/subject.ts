import { EzError } from '../base/error.ts'
import type { ResolvedRequest } from '../contract/request.ts'
import type { Provider, Signer, SignResult } from '../contract/step.ts'
import { contextOf, requestOf, type Vector } from './vector.ts'

/** What makes the signer under test: the factory, or the provider that a request file loads. */
export type SignerSource<Options> = Provider<Options> | ((options: Options) => Signer)

/** A part of the request that a signature may cover; `body:1024` is the first 1,024 bytes of the body. */
export type SignedPart = 'method' | 'path' | 'query' | 'body' | `body:${number}` | `header:${string}`

/** What `describeSigner` needs to know of a scheme. */
export interface SignerCheckOptions {
  /** Paths of the options without which nothing can be signed: `['credentials.secretAccessKey']`. */
  readonly credentials: readonly string[]
  /** Paths of the options that must never be shown (default: `credentials`). */
  readonly secrets?: readonly string[]
  /**
   * Verifies a signed request as the service does, and throws for a refusal. It should share no
   * canonicalisation with the signer. Vectors with `deterministic: false` need it.
   */
  readonly verify?: (request: ResolvedRequest, vector: Vector) => unknown
  /** What the signature covers (default: method, path, query and body); the verifier must let the rest change. */
  readonly signs?: readonly SignedPart[] | ((vector: Vector) => readonly SignedPart[])
  /** Title of the vector whose request carries the empty, binary, UTF-8 and large bodies (default: the first). */
  readonly bodies?: string
  /** Milliseconds between the two signatures of "signing again" (default 60,000). */
  readonly laterMs?: number
}

/** A signer as the checks see it. */
export class Subject {
  readonly options: SignerCheckOptions
  readonly vectors: readonly Vector[]
  readonly #create: (options: never) => unknown

  constructor(source: SignerSource<never>, vectors: readonly Vector[], options: SignerCheckOptions) {
    this.#create = typeof source === 'function' ? source : (given: never) => source.create(given)
    this.vectors = vectors
    this.options = options
  }

  get laterMs(): number {
    return this.options.laterMs ?? 60_000
  }

  get secrets(): readonly string[] {
    return this.options.secrets ?? this.options.credentials
  }

  /** @throws EZ_CHECK_FAILED when the factory gives no signer */
  create(options: unknown): Signer {
    const signer = this.#create(options as never) as Signer
    if (typeof signer?.sign !== 'function')
      throw new EzError('EZ_CHECK_FAILED', 'The factory gave no signer: there is no sign().')
    return signer
  }

  signer(vector: Vector): Signer {
    return this.create(copyOf(vector.options))
  }

  async sign(vector: Vector, request: ResolvedRequest = requestOf(vector)): Promise<SignResult> {
    return this.signer(vector).sign(request, contextOf(vector))
  }

  covers(vector: Vector, part: SignedPart): boolean {
    return this.#parts(vector).includes(part) || (part === 'body' && this.coveredBytes(vector) > 0)
  }

  /** How many bytes at the start of a body are covered. */
  coveredBytes(vector: Vector): number {
    const parts = this.#parts(vector)
    const [, bytes] = /^body:(\d+)$/.exec(parts.find((part) => part.startsWith('body:')) ?? '') ?? []
    return parts.includes('body') ? Number.POSITIVE_INFINITY : Number(bytes ?? 0)
  }

  #parts(vector: Vector): readonly SignedPart[] {
    const { signs = ['method', 'path', 'query', 'body'] } = this.options
    return typeof signs === 'function' ? signs(vector) : signs
  }
}

/** A copy of what a vector file holds; what stands in it beside JSON (a `Secret`) stays the same. */
function copyOf<Value>(value: Value): Value {
  if (Array.isArray(value)) return value.map(copyOf) as Value
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype)
    return value
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, copyOf(part)])) as Value
}

/** The value at a dotted path. */
export function valueAt(options: Readonly<Record<string, unknown>>, path: string): unknown {
  let value: unknown = options
  for (const key of path.split('.')) value = (value as Record<string, unknown> | undefined)?.[key]
  return value
}

/** A copy of the options with another value at a dotted path; `undefined` leaves it out. */
export function withValue(
  options: Readonly<Record<string, unknown>>,
  path: string,
  value: unknown,
): Record<string, unknown> {
  const [key = '', ...rest] = path.split('.')
  const copy = { ...options }
  if (rest.length > 0)
    copy[key] = withValue((copy[key] ?? {}) as Record<string, unknown>, rest.join('.'), value)
  else if (value === undefined) delete copy[key]
  else copy[key] = value
  return copy
}
