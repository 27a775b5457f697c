import { readFileSync } from 'node:fs'
import { type Pairs, prepare, type ResolvedRequest, type Signer, type SignResult } from '@ez/core'
import { utf8 } from '@ez/core/crypto'
import { describe, expect, it } from 'vitest'
import { netsuiteOAuth1, oauth1 } from '../src/index.ts'
import { verifyOAuth1 } from '../src/verify.ts'

interface Vector {
  title: string
  source: string
  context: { now: string; nonce: string }
  options: Record<string, string>
  request: { method: string; url: string; headers: Pairs; body: { encoding: 'utf8'; data: string } | null }
  stages: Record<string, string>
  expected: { headers: Pairs; query: Pairs }
}

function read(name: string): Vector[] {
  return JSON.parse(readFileSync(new URL(`../vectors/${name}`, import.meta.url), 'utf8')) as Vector[]
}

const suites: [string, (options: never) => Signer][] = [
  ['oauth1.json', oauth1],
  ['netsuite.json', netsuiteOAuth1],
]

describe.each(suites)('%s', (name, create) => {
  it.each(read(name))('$title', async ({ context, options, request, stages, expected }) => {
    const signer = create(options as never)
    const resolved: ResolvedRequest = { ...request, body: request.body && utf8(request.body.data) }
    const at = { now: () => new Date(context.now), nonce: () => context.nonce }
    const result = (await signer.sign(resolved, at)) as SignResult
    expect(Object.fromEntries(result.trace.map(({ id, value }) => [id, value]))).toEqual(stages)
    expect(Object.entries(result.patch.headers)).toEqual(expected.headers)
    expect(result.patch.query).toEqual(expected.query)

    const prepared = await prepare(
      {
        method: request.method,
        url: request.url,
        headers: [...request.headers],
        ...(request.body && { body: { text: request.body.data } }),
        preRequest: [signer],
      },
      { clock: at.now, nonce: at.nonce },
    )
    const { consumerSecret = '', tokenSecret = '' } = options
    const verified = await verifyOAuth1(prepared, {
      secretFor: () => ({ consumerSecret, tokenSecret }),
      now: at.now,
      allowPlaintext: true,
    })
    expect(verified.keyId).toBe(options.consumerKey)
  })
})
