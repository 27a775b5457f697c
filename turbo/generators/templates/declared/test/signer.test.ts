import { type ResolvedRequest, signRequest } from '@ez/core'
import type { Covers } from '@ez/core/received'
import {
  contextOf,
  describeSigner,
  describeVerifier,
  requestOf,
  type SignedPart,
  type Vector,
} from '@ez/core/testing'
import { description, exampleScheme, provider } from '@ez/example-scheme'
import { verifyExampleScheme } from '@ez/example-scheme/verify'
import type { OptionRule } from '@ez/signature'
import type { VerifySignatureOptions } from '@ez/signature/verify'
import { describe, it } from 'vitest'
import file from '../vectors/vectors.json' with { type: 'json' }

const vectors = file as unknown as Vector[]
const rules: Readonly<Record<string, OptionRule>> = description.options
const kindOf = (rule: OptionRule): string => (typeof rule === 'string' ? rule : 'kind' in rule ? rule.kind : 'text')
const named = (kinds: RegExp): string[] =>
  Object.keys(rules).filter((name) => kinds.test(kindOf(rules[name] as OptionRule)))
const pick = (vector: Vector, names: readonly string[]): Record<string, string> =>
  Object.fromEntries(
    names.flatMap((name) => (vector.options[name] === undefined ? [] : [[name, vector.options[name] as string]])),
  )

/** What the verifier knows of a vector: of a key pair, put the public key in the place of the private one. */
const known = (vector: Vector): VerifySignatureOptions => ({
  secretFor: () => pick(vector, named(/^(?:secret|token)/)),
  options: pick(vector, named(/^(?:text|list)/)),
  now: new Date(vector.context.now),
  maxSkewSeconds: 120,
})

async function sign(vector: Vector): Promise<ResolvedRequest> {
  const { now, nonce } = contextOf(vector)
  return signRequest(requestOf(vector), [exampleScheme(vector.options as never)], { clock: now, nonce })
}

const partsOf = ({ method, path, query, body, headers }: Covers): SignedPart[] => [
  ...(method ? (['method'] as const) : []),
  ...(path ? (['path'] as const) : []),
  ...(query === 'all' ? (['query'] as const) : []),
  ...(body === 'none' ? [] : body === 'all' ? (['body'] as const) : ([`body:${body.bytes}`] as const)),
  ...headers.map((name): SignedPart => `header:${name}`),
]
const parts = new Map<string, SignedPart[]>()
for (const vector of vectors)
  parts.set(vector.title, partsOf((await verifyExampleScheme(await sign(vector), known(vector))).covers))

// What the verifier says that it covers must be refused when it changes, and everything else must not.
describeSigner(provider, vectors, {
  credentials: named(/^(?:credential|token|secret)$/),
  secrets: named(/^(?:token|secret)/),
  signs: ({ title }) => parts.get(title) ?? [],
  verify: (request, vector) => verifyExampleScheme(request, known(vector)),
  describe,
  it,
})

const first = vectors.find(({ request }) => request.body !== null) ?? (vectors[0] as Vector)
const signed = await sign(first)

describeVerifier({
  request: signed,
  verify: (request, options) => verifyExampleScheme(request, { ...known(first), ...options }),
  describe,
  it,
})
