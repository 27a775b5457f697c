import { generateKeyPairSync } from 'node:crypto'
import { EzError, type ResolvedRequest, signRequest } from '@ez/core'
import { utf8 } from '@ez/core/crypto'
import type { Covers } from '@ez/core/received'
import { describe, expect, test } from 'vitest'
import { defineSignature, type SignatureDescription } from '../src/index.ts'
import { verifySignature } from '../src/verify/verify.ts'
import * as clouds from './schemes/clouds.ts'
import * as others from './schemes/others.ts'

const now = new Date('2026-01-15T12:36:00.000Z')
const context = { clock: () => now, nonce: () => 'q7Lh2mZx9Rw4Ks8Vb3Nc6Td1Yf5Gj0Pe' }

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const privateKey = rsa.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string
const publicKey = rsa.publicKey.export({ type: 'spki', format: 'pem' }) as string
const form = 'application/x-www-form-urlencoded'

interface Subject {
  readonly description: SignatureDescription
  readonly options: Readonly<Record<string, unknown>>
  /** Of the verifier. */
  readonly given?: Readonly<Record<string, string | number | readonly string[]>>
  readonly secret: string
  readonly request?: Partial<ResolvedRequest>
  readonly covers: Partial<Covers>
}

const secret = 'c2VjcmV0IGtleSBvZiBhIHRlc3Q='
const aws = { accessKeyId: 'AKID1', accessKeySecret: secret }

const subjects: Record<string, Subject> = {
  acs3: {
    description: clouds.acs3,
    options: aws,
    secret,
    covers: {
      method: true,
      host: true,
      path: true,
      query: 'all',
      headers: ['content-type', 'x-acs-content-sha256', 'x-acs-date', 'x-acs-signature-nonce'],
      body: 'all',
    },
  },
  alibabaRpc: {
    description: clouds.alibabaRpc,
    options: aws,
    secret,
    request: { headers: [['content-type', form]], body: utf8('Action=Run&x=%20') },
    covers: { method: true, host: false, path: false, query: 'all', headers: [], body: 'all' },
  },
  tc3: {
    description: clouds.tc3,
    options: { secretId: 'AKID1', secretKey: secret, service: 'cvm' },
    secret,
    request: { url: 'https://cvm.tencentcloudapi.com/?b=2&a=1' },
    covers: { method: true, host: true, path: false, query: 'all', body: 'all' },
  },
  volcengine: {
    description: clouds.volcengine,
    options: { ak: 'AKLT1', sk: secret, region: 'cn-north-1', service: 'iam' },
    secret,
    covers: { method: true, host: true, path: true, query: 'all', body: 'all' },
  },
  edgeGrid: {
    description: clouds.edgeGrid,
    options: { clientToken: 'ct', accessToken: 'at', clientSecret: secret, maxBodyBytes: 8 },
    given: { maxBodyBytes: 8 },
    secret,
    covers: { method: true, host: true, path: true, query: 'all', headers: [], body: { bytes: 8 } },
  },
  cavage: {
    description: clouds.cavage('Signature ', ','),
    options: { keyId: 'k', privateKey, headers: ['(request-target)', 'host', 'date'] },
    secret: publicKey,
    request: { headers: [['date', 'Thu, 15 Jan 2026 12:36:00 GMT']] },
    covers: { method: true, host: true, path: true, query: 'all', headers: ['date'], body: 'none' },
  },
  binance: {
    description: others.binance,
    options: { apiKey: 'key', secretKey: secret },
    secret,
    covers: { method: false, host: false, path: false, query: 'all', headers: [], body: 'all' },
  },
  kraken: {
    description: others.kraken,
    options: { apiKey: 'key', secret },
    secret,
    request: { headers: [['content-type', form]], body: utf8('nonce=1&pair=XBTUSD') },
    covers: { method: false, host: false, path: true, query: [], headers: [], body: 'all' },
  },
  bybitV2Json: {
    description: others.bybitV2Json,
    options: { apiKey: 'key', secret },
    secret,
    request: { headers: [['content-type', 'application/json']], body: utf8('{"symbol":"BTCUSD","n":1}') },
    covers: { method: false, host: false, path: false, query: [], headers: [], body: 'all' },
  },
  gemini: {
    description: others.gemini,
    options: { key: 'key', secret },
    secret,
    covers: { method: false, path: false, query: [], headers: ['x-gemini-payload'], body: 'none' },
  },
  cloudinaryUpload: {
    description: others.cloudinaryUpload,
    options: { apiKey: 'key', apiSecret: secret },
    secret,
    request: { headers: [['content-type', form]], body: utf8('public_id=sample&tags=a%2Cb') },
    covers: { method: false, host: false, path: false, query: [], body: 'none' },
  },
  tiktok: {
    description: others.tiktok,
    options: { appSecret: secret },
    secret,
    covers: { method: false, host: false, path: true, query: ['a', 'b'], body: 'all' },
  },
  slack: {
    description: others.slack,
    options: { signingSecret: secret },
    secret,
    covers: { method: false, path: false, query: [], headers: ['x-slack-request-timestamp'], body: 'all' },
  },
  stripe: {
    description: others.stripe,
    options: { endpointSecret: secret },
    secret,
    covers: { method: false, path: false, query: [], headers: [], body: 'all' },
  },
  standardWebhooks: {
    description: others.standardWebhooks,
    options: { secret: `whsec_${secret}`, messageId: 'msg_1' },
    secret: `whsec_${secret}`,
    covers: { query: [], headers: ['webhook-id', 'webhook-timestamp'], body: 'all' },
  },
  twilio: {
    description: others.twilio,
    options: { authToken: secret },
    secret,
    request: { headers: [['content-type', form]], body: utf8('From=%2B1&To=%2B2') },
    covers: { method: false, host: true, path: true, query: 'all', headers: [], body: 'all' },
  },
}

async function signed({ description, options, request }: Subject): Promise<ResolvedRequest> {
  const step = defineSignature(description).create(options as never)
  return signRequest(
    {
      method: 'POST',
      url: 'https://api.example.com/v1/things?b=2&a=1%20x',
      headers: [['content-type', 'text/plain']],
      body: utf8('a text of more than eight bytes'),
      ...request,
    },
    [step],
    context,
  )
}

const codeOf = async (run: () => Promise<unknown>): Promise<string> => {
  try {
    await run()
    return 'accepted'
  } catch (error) {
    if (!EzError.isInstance(error)) throw error
    return error.code
  }
}

describe.each(Object.entries(subjects))('%s', (_, subject) => {
  const verify = verifySignature(subject.description)
  const options = { secretFor: () => subject.secret, now, options: subject.given ?? {} }

  test('accepts what was signed, and says what it covers', async () => {
    const verified = await verify(await signed(subject), options)
    expect(verified.covers).toMatchObject(subject.covers)
  })

  test('refuses a change of what it covers, and no other', async () => {
    const request = await signed(subject)
    const { covers } = await verify(request, options)
    const { url, body } = request
    const changes: [string, boolean, Partial<ResolvedRequest>][] = [
      ['method', covers.method, { method: 'PUT' }],
      ['host', covers.host, { url: url.replace('//', '//x') }],
      ['path', covers.path, { url: url.replace(/^(https:\/\/[^/?]*\/[^?]*)/, '$1x') }],
      ...(covers.query === 'all' || covers.query.length === 0
        ? [
            [
              'query',
              covers.query === 'all',
              { url: `${url}${url.includes('?') ? '&' : '?'}tampered=1` },
            ] as [string, boolean, Partial<ResolvedRequest>],
          ]
        : []),
    ]
    if (Array.isArray(covers.query))
      for (const name of covers.query)
        changes.push([`query ${name}`, true, { url: url.replace(`${name}=`, `${name}=x`) }])
    if (body instanceof Uint8Array && body.length > 0 && subject.description !== others.gemini) {
      const first = Uint8Array.from(body)
      first[0] = (first[0] as number) ^ 1
      const longer = new Uint8Array([...body, 120])
      // A JSON body is no JSON then, and a form has another name or value.
      changes.push([
        'first byte',
        covers.body !== 'none' || subject.description.id === 'cloudinary-upload',
        { body: first },
      ])
      if (covers.body !== 'none') changes.push(['end of the body', covers.body === 'all', { body: longer }])
    }
    for (const name of covers.headers)
      changes.push([
        name,
        true,
        { headers: request.headers.map(([key, value]) => [key, key === name ? `${value}1` : value]) },
      ])
    for (const [what, isCovered, change] of changes) {
      const code = await codeOf(() => verify({ ...request, ...change }, options))
      expect(`${what} ${code === 'accepted' ? code : 'refused'}`).toBe(
        `${what} ${isCovered ? 'refused' : 'accepted'}`,
      )
      if (isCovered) expect(code).toMatch(/^EZ_/)
    }
  })

  test('knows no key without a usable secret', async () => {
    const request = await signed(subject)
    for (const unusable of [undefined, '', []])
      expect(await codeOf(() => verify(request, { ...options, secretFor: () => unusable as never }))).toBe(
        'EZ_KEY_UNKNOWN',
      )
  })

  test('takes one of several secrets', async () => {
    if (subject.secret === publicKey) return
    const request = await signed(subject)
    const other = Buffer.from('another secret').toString('base64')
    await verify(request, { ...options, secretFor: () => [other, subject.secret] })
    expect(await codeOf(() => verify(request, { ...options, secretFor: () => [other] }))).toBe(
      'EZ_SIGNATURE_MISMATCH',
    )
  })
})
