import { describe, expect, test } from 'vitest'
import { run } from './support.ts'

const bombs: [string, string][] = [
  ['texts', "const all = []; for (;;) all.push('x'.repeat(1e5))"],
  ['texts of two bytes', "const all = []; for (;;) all.push('ä€'.repeat(1e4) + all.length)"],
  ['arrays', 'const all = []; for (;;) all.push(new Array(1e4).fill(0))'],
  ['byte arrays', 'const all = []; for (;;) all.push(new Uint8Array(1e6))'],
  ['objects', 'const all = []; for (;;) all.push({ a: 1, b: {} })'],
  ['numbers', 'const all = []; for (;;) all.push(1.5)'],
  ['closures', 'const all = []; for (;;) all.push(() => all)'],
  ['a map', 'const all = new Map(); for (;;) all.set(all.size, {})'],
  ['bytes of the host', "const all = []; for (;;) all.push(new TextEncoder().encode('x'.repeat(1e5)))"],
  [
    'digests of the host',
    'const all = []; for (;;) all.push(crypto.sha512(new Uint8Array(1e5)), new Uint8Array(1e5))',
  ],
  ['a module', 'export default () => { const all = []; for (;;) all.push({ all }) }'],
]

describe.each([1, 16])('with memoryMb %d', (memoryMb) => {
  test.each(bombs)('%s end in EZ_SCRIPT_MEMORY', async (_, source) => {
    await expect(run(source, { options: { memoryMb } })).rejects.toMatchObject({ code: 'EZ_SCRIPT_MEMORY' })
  })
})

test('what is within the limit runs', async () => {
  const source = "request.headers.set('x-length', String(new Uint8Array(12 * 1024 * 1024).length))"
  expect((await run(source, { options: { memoryMb: 16 } })).headers).toContainEqual(['x-length', '12582912'])
})
