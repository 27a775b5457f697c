import { describe, expect, it } from 'vitest'
import { askOption, receive, receiveWhole, refusals } from '../../src/received.ts'

const request = { method: 'POST', url: 'https://example.com/a', headers: [], body: null }

describe('what verifiers share', () => {
  it('refuses a body that breaks off, or that gives no bytes, with a code', async () => {
    const broken = (): ReadableStream<Uint8Array> =>
      new ReadableStream({ pull: (controller) => controller.error(new Error('socket hang up')) })
    await expect(
      receiveWhole('verify x', { ...request, body: broken() }, undefined, 10),
    ).rejects.toMatchObject({
      code: 'EZ_BODY_INVALID',
      cause: { message: 'socket hang up' },
    })
    const texts = new ReadableStream({ start: (controller) => controller.enqueue('text') }) as ReadableStream
    await expect(receiveWhole('verify x', { ...request, body: texts }, undefined, 10)).rejects.toMatchObject({
      code: 'EZ_BODY_INVALID',
    })
  })

  it('gives a code to what an option throws, and lets a coded error be', async () => {
    const failing = askOption('verify x', 'secretFor', () => Promise.reject(new Error('no database')))
    await expect(failing).rejects.toMatchObject({
      code: 'EZ_OPTION_INVALID',
      message: 'verify x: option secretFor threw. See cause.',
      cause: { message: 'no database' },
    })
    const throwing = askOption('verify x', 'nonceSeen', () => {
      throw refusals<'EZ_NONCE_SEEN'>('verify x')('EZ_NONCE_SEEN', 'seen.')
    })
    await expect(throwing).rejects.toMatchObject({ code: 'EZ_NONCE_SEEN', message: 'verify x: seen.' })
  })

  it('refuses a URL beside a host header that names another host, unless it is told what the client called', () => {
    const with_ = (host: string, url = request.url) => ({
      ...request,
      url,
      headers: [['Host', host] as const],
    })
    expect(() => receive('verify x', with_('evil.example')).absoluteUrl()).toThrow(
      expect.objectContaining({ code: 'EZ_AUTHORIZATION_AMBIGUOUS' }),
    )
    expect(receive('verify x', with_('EXAMPLE.com:443')).absoluteUrl().host).toBe('example.com')
    expect(receive('verify x', with_('example.com:80', 'http://example.com/')).absoluteUrl().host).toBe(
      'example.com',
    )
    expect(receive('verify x', with_('inner'), 'https://outer.example/').absoluteUrl().host).toBe(
      'outer.example',
    )
  })

  it('gives every value of a header among thousands', () => {
    const headers = Array.from({ length: 8000 }, (_, index) => [`x-${index % 4000}`, String(index)] as const)
    const received = receive('verify x', { ...request, headers })
    for (let index = 0; index < 4000; index += 1)
      expect(received.values(`x-${index}`)).toEqual([String(index), String(index + 4000)])
  })
})
