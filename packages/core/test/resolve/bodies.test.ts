import { describe, expect, test } from 'vitest'
import { prepare, type RequestTemplate, type Signer, type SignResult, signRequest } from '../../src/index.ts'
import { bodyText, errorOf, headerSigner, script } from '../support/support.ts'

const url = 'https://api.example.com/'
const post = (template: Partial<RequestTemplate>) => prepare({ method: 'POST', url, ...template })

describe('bytes in shared memory are sent, not their numbers', () => {
  const shared = (text: string): Uint8Array<SharedArrayBuffer> => {
    const bytes = new Uint8Array(new SharedArrayBuffer(text.length))
    bytes.set(new TextEncoder().encode(text))
    return bytes
  }

  test('of a template, and of a concrete request', async () => {
    for (const prepared of [
      await post({ body: { bytes: shared('abc') } }),
      await signRequest({ method: 'POST', url, body: shared('abc') }, []),
    ]) {
      expect(bodyText(prepared)).toBe('abc')
      expect(await prepared.toRequest().text()).toBe('abc')
    }
  })

  test('of a signer', async () => {
    const signer: Signer = {
      ...headerSigner(),
      writes: { headers: [], query: [], body: true },
      sign: (): SignResult => ({ patch: { headers: {}, query: [], body: shared('xyz') }, trace: [] }),
    }
    const prepared = await post({ body: { text: 'abc' }, preRequest: [signer] })
    expect(await prepared.toRequest().text()).toBe('xyz')
  })
})

test('a script cannot change bytes through a Buffer', async () => {
  const bytes = Buffer.from('abc')
  const writing = script((request) => {
    const { body } = request.resolved()
    ;(body as Uint8Array).fill(0)
  })
  expect(bodyText(await post({ body: { bytes }, preRequest: [writing] }))).toBe('abc')
  expect(bytes.toString()).toBe('abc')
})

describe('a stream', () => {
  const streamOf = (cancelled: string[]): ReadableStream<Uint8Array> =>
    new ReadableStream({
      cancel: () => {
        cancelled.push('cancelled')
      },
    })

  test('that is read by somebody else is refused before anything is signed', async () => {
    const body = streamOf([])
    body.getReader()
    for (const pending of [
      signRequest({ method: 'POST', url, body }, []),
      post({ body: { stream: () => body } }),
    ])
      expect((await errorOf(pending)).code).toBe('EZ_BODY_INVALID')
  })

  test.each<[string, Partial<RequestTemplate>]>([
    [
      'a signer fails',
      { preRequest: [{ ...headerSigner(), sign: () => Promise.reject(new Error('no key')) }] },
    ],
    ['a header cannot be sent', { headers: { host: 'b.example' } }],
    [
      'a script fails after it has read',
      {
        preRequest: [
          script((request) => {
            request.resolved()
            throw new Error('no')
          }),
        ],
      },
    ],
  ])('that was opened for the request is cancelled when %s', async (_, template) => {
    const cancelled: string[] = []
    await errorOf(post({ ...template, body: { stream: () => streamOf(cancelled) } }))
    expect(cancelled).toEqual(['cancelled'])
  })

  test('of the caller stays the caller’s, and so does one that a step reads', async () => {
    const cancelled: string[] = []
    const body = streamOf(cancelled)
    const failing = { ...headerSigner(), sign: () => Promise.reject(new Error('no key')) }
    await errorOf(signRequest({ method: 'POST', url, body }, [failing]))
    const reading: Signer = {
      ...headerSigner(),
      sign: (request) => {
        ;(request.body as ReadableStream).getReader()
        throw new Error('no key')
      },
    }
    await errorOf(post({ body: { stream: () => body }, preRequest: [reading] }))
    expect(cancelled).toEqual([])
  })
})
