import { readFileSync } from 'node:fs'
import { type Pairs, prepare, type SignResult } from '@ez/core'
import { expect, it } from 'vitest'
import { type CosmosAuthOptions, cosmosAuth } from '../src/index.ts'

interface Vector {
  title: string
  source: string
  context: { now: string; nonce: string }
  options: CosmosAuthOptions
  request: { method: string; url: string; headers: Pairs; body: null }
  stages: Record<string, string>
  expected: { headers: Pairs; query: Pairs }
}

const vectors = JSON.parse(
  readFileSync(new URL('../vectors/cosmos.json', import.meta.url), 'utf8'),
) as Vector[]

it.each(vectors)('$title', async ({ context, options, request, stages, expected }) => {
  const signer = cosmosAuth(options)
  const at = { now: () => new Date(context.now), nonce: () => context.nonce }
  const result = (await signer.sign(request, at)) as SignResult
  expect(Object.fromEntries(result.trace.map(({ id, value }) => [id, value]))).toEqual(stages)
  expect(Object.entries(result.patch.headers)).toEqual(expected.headers)
  expect(result.patch.query).toEqual(expected.query)

  const prepared = await prepare(
    { method: request.method, url: request.url, preRequest: [signer] },
    { clock: at.now },
  )
  expect(prepared.headers).toEqual(expect.arrayContaining(expected.headers.map((pair) => [...pair])))
})
