import { expect, test } from 'vitest'
import { secret } from '../../src/base/secret.ts'
import type { ResponseSnapshot, Signer } from '../../src/contract/step.ts'
import { prepare } from '../../src/prepare.ts'
import { diagnose, maskResponse } from '../../src/seal/diagnose.ts'

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
const textOf = ({ body }: ResponseSnapshot): string => new TextDecoder().decode(body)

function signer(id: string, diagnosed?: Signer['diagnose']): Signer {
  return {
    specVersion: 1,
    id,
    writes: { headers: [`x-${id}`], query: [] },
    sign: () => ({ patch: { headers: { [`x-${id}`]: '1' }, query: [] }, trace: [] }),
    ...(diagnosed ? { diagnose: diagnosed } : {}),
  }
}

const prepared = await prepare(
  { method: 'GET', url: 'https://api.example.com/', headers: { 'x-key': '{{key}}' } },
  { variables: { key: secret('example-key-123456') } },
)

test('a response is masked as the trace is', () => {
  const masked = maskResponse(
    {
      status: 403,
      headers: [['X-Echo', 'key example-key-123456']],
      body: bytes('expected x-key:example-key-123456\nand ZXhhbXBsZS1rZXktMTIzNDU2'),
    },
    prepared,
  )
  expect(masked.headers).toEqual([['x-echo', 'key ***']])
  expect(textOf(masked)).toMatch(/^expected x-key:\*\*\*\nand \*\*\*/)
  expect(prepared.trace.some(({ value }) => value.includes('x-key: ***'))).toBe(true)
})

test('a body that is not text stays as it is', () => {
  const body = Uint8Array.of(0xff, 0xfe, 0x00)
  expect(maskResponse({ status: 500, headers: [], body }, prepared).body).toBe(body)
})

test('the first step that knows answers, from a masked response; one that throws does not', () => {
  const seen: string[] = []
  const found = diagnose({ status: 403, headers: [], body: bytes('example-key-123456') }, prepared, [
    signer('silent'),
    signer('broken', () => {
      throw new Error('no')
    }),
    signer('unknowing', () => undefined),
    signer('first', (response) => {
      seen.push(textOf(response))
      return { cause: 'credential', message: 'first' }
    }),
    signer('second', () => ({ cause: 'credential', message: 'second' })),
  ])
  expect(found?.step.id).toBe('first')
  expect(found?.diagnosis.message).toBe('first')
  expect(seen).toEqual(['***'])
})
