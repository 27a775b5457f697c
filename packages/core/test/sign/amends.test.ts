import { expect, test } from 'vitest'
import { type Signer, signRequest } from '../../src/index.ts'

const encoder: Signer = {
  specVersion: 1,
  id: 'encoder',
  writes: { headers: ['authorization'], query: [], body: true, amends: ['content-encoding'] },
  sign(request) {
    const encoding = request.headers.find(([name]) => name === 'content-encoding')?.[1]
    return {
      patch: {
        headers: { authorization: 'Test abcdef', 'content-encoding': `chunked-by-test,${encoding}` },
        query: [],
        body: new Uint8Array([1]),
      },
      trace: [],
    }
  },
}

test('a signer reads the header that it amends, and replaces it', async () => {
  const prepared = await signRequest(
    {
      method: 'PUT',
      url: 'https://api.example.com/',
      headers: { 'content-encoding': 'gzip', authorization: 'x' },
      body: 'a',
    },
    [encoder],
  )
  expect(prepared.headers.filter(([name]) => name !== 'content-type')).toEqual(
    [
      ['authorization', 'Test abcdef'],
      ['content-encoding', 'chunked-by-test,gzip'],
    ].toSorted(([left = ''], [right = '']) => left.localeCompare(right)),
  )
})
