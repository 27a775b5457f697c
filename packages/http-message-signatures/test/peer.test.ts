import { createVerify, generateKeyPairSync } from 'node:crypto'
import { signRequest } from '@ez/core'
import { createSignatureBase, httpMessageSignatures, parseComponent } from '@ez/http-message-signatures'
import { verifyHttpMessageSignatures } from '@ez/http-message-signatures/verify'
import fc from 'fast-check'
import { httpbis } from 'http-message-signatures'
import { describe, expect, it } from 'vitest'

const name = fc.stringMatching(/^x-[a-z]{1,8}$/)
const value = fc.stringMatching(/^[!-~]([ -~]{0,20}[!-~])?$/)
const requests = fc.record({
  method: fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'PATCH'),
  host: fc.constantFrom('example.com', 'example.com:8443', 'xn--bcher-kva.example'),
  path: fc.array(fc.webSegment(), { maxLength: 4 }),
  query: fc.array(
    fc.tuple(fc.stringMatching(/^[a-z]{1,4}$/), fc.string({ unit: 'grapheme', maxLength: 8 })),
    {
      maxLength: 4,
    },
  ),
  headers: fc.uniqueArray(fc.tuple(name, value), { maxLength: 4, selector: ([key]) => key }),
})

function urlOf({ host, path, query }: { host: string; path: string[]; query: [string, string][] }): string {
  const pairs = query.filter(([, text]) => text.isWellFormed())
  const search = pairs.map(([key, text]) => `${key}=${encodeURIComponent(text)}`).join('&')
  return new URL(`https://${host}/${path.join('/')}${search ? `?${search}` : ''}`).href
}

describe('the signature base is that of http-message-signatures', () => {
  it('of any request', () =>
    fc.assert(
      fc.property(requests, (request) => {
        const url = urlOf(request)
        const fields = [
          '@method',
          '@target-uri',
          '@authority',
          '@path',
          '@query',
          '@scheme',
          '@request-target',
        ]
        fields.push(...request.headers.map(([key]) => key))
        const message = { method: request.method, url, headers: request.headers }
        const ours = createSignatureBase(message, fields.map(parseComponent), '()')
        const theirs = httpbis.formatSignatureBase(
          httpbis.createSignatureBase(
            { fields },
            { ...message, headers: Object.fromEntries(request.headers) },
          ),
        )
        expect(ours).toBe(`${theirs}\n"@signature-params": ()`)
      }),
    ))
})

describe('http-message-signatures', () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  const spki = publicKey.export({ type: 'spki', format: 'pem' }).toString()
  const algorithm = 'rsa-v1_5-sha256'

  it('verifies what we sign', async () => {
    const signer = httpMessageSignatures({ algorithm, key: pem, keyId: 'rsa', alg: true, expiresIn: 60 })
    const request = { method: 'POST', url: 'https://example.com/a?b=1', body: 'body' }
    const prepared = await signRequest(request, [signer])
    const verify = async (data: Buffer, signature: Buffer): Promise<boolean> =>
      createVerify('sha256').update(data).verify(spki, signature)
    const verified = await httpbis.verifyMessage(
      { keyLookup: async () => ({ id: 'rsa', algs: [algorithm], verify }) },
      { method: prepared.method, url: prepared.url, headers: Object.fromEntries(prepared.headers) },
    )
    expect(verified).toBe(true)
  })

  it('signs what we verify', async () => {
    const fields = ['@method', '@target-uri', 'x-a']
    const sign = async (data: Buffer): Promise<Buffer> => {
      const key = await crypto.subtle.importKey(
        'pkcs8',
        privateKey.export({ type: 'pkcs8', format: 'der' }),
        { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
        false,
        ['sign'],
      )
      return Buffer.from(await crypto.subtle.sign('RSASSA-PKCS1-v1_5', key, Uint8Array.from(data)))
    }
    const signed = await httpbis.signMessage(
      { key: { id: 'rsa', alg: algorithm, sign }, fields, params: ['created', 'keyid', 'alg'] },
      { method: 'GET', url: 'https://example.com/a?b=1', headers: { 'x-a': 'one' } },
    )
    const received = new Request('https://example.com/a?b=1', {
      headers: signed.headers as Record<string, string>,
    })
    const verified = await verifyHttpMessageSignatures(received, {
      secretFor: () => ({ algorithm, key: spki }),
      requiredComponents: fields,
    })
    expect(verified).toMatchObject({ keyId: 'rsa', body: null })
  })
})
