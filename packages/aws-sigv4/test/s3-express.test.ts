import { awsSigV4, type S3ExpressSessionOptions, s3, s3ExpressSession } from '@ez/aws-sigv4'
import { verifyAwsSigV4 } from '@ez/aws-sigv4/verify'
import { EzError, prepare } from '@ez/core'
import { describe, expect, it } from 'vitest'
import { contextAt } from './support/official-suite.ts'
import { bytes, instant, secretAccessKey, signedBy, verifierOptions } from './support/signing.ts'

const place = { region: 'us-west-2', bucket: 'my-bucket--usw2-az1--x-s3' }
const url = 'https://my-bucket--usw2-az1--x-s3.s3express-usw2-az1.us-west-2.amazonaws.com'
const sessionToken = 'session/token+of==express'
const ofSession = {
  ...place,
  credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey, sessionToken },
  sessionTokenName: 'x-amz-s3session-token',
} as const

describe("a session's signatures are botocore's (1.43, S3ExpressAuth and S3ExpressQueryAuth)", () => {
  it('in the header', async () => {
    const { headers } = await signedBy(s3(ofSession).signer, {
      method: 'PUT',
      url: `${url}/a%20b`,
      body: bytes('hello'),
    })
    expect(Object.fromEntries(headers)).toEqual({
      'x-amz-date': '20260115T123600Z',
      'x-amz-content-sha256': '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824',
      'x-amz-s3session-token': sessionToken,
      authorization:
        'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260115/us-west-2/s3express/aws4_request, SignedHeaders=host;x-amz-content-sha256;x-amz-date;x-amz-s3session-token, Signature=3abb4ae2e817a8cc6a676b6851872eae4cb5f366d9ada362e00296d9348d0fd1',
    })
  })

  it('in the query', async () => {
    const { signer, objectUrl } = s3({ ...ofSession, placement: 'query', expiresIn: 300 })
    const sent = await signedBy(signer, { url: objectUrl('a b') })
    const { searchParams } = new URL(sent.url)
    expect(searchParams.get('X-Amz-S3session-Token')).toBe(sessionToken)
    expect(searchParams.get('X-Amz-Security-Token')).toBeNull()
    expect(searchParams.get('X-Amz-Signature')).toBe(
      '962329c92ba4e7f83138a4167be0fc17df9e251e35b64e5a7a94bb1a06118302',
    )
  })
})

it.each(['header', 'query'] as const)(
  'the token of a session is verified and masked, in the %s',
  async (placement) => {
    const { signer, objectUrl } = s3({ ...ofSession, placement })
    const template = { method: 'GET', url: objectUrl('k'), preRequest: [signer] }
    const sent = await prepare(template, { clock: () => new Date(instant) })
    expect(JSON.stringify(sent)).not.toContain('token+of')
    const known = (token: string): ReturnType<typeof verifyAwsSigV4> =>
      verifyAwsSigV4(sent, {
        ...verifierOptions,
        secretFor: () => ({ secretAccessKey, sessionToken: token }),
      })
    await expect(known(sessionToken)).resolves.toMatchObject({ service: 's3express' })
    await expect(known('another')).rejects.toMatchObject({ code: 'EZ_TOKEN_MISMATCH' })
  },
)

describe('s3ExpressSession', () => {
  const answer = (fields: Record<string, string>): Response => {
    const elements = Object.entries(fields).map(([name, value]) => `<${name}>${value}</${name}>`)
    return new Response(
      `<?xml version="1.0" encoding="UTF-8"?>\n<CreateSessionResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Credentials>${elements.join('')}</Credentials></CreateSessionResult>`,
    )
  }
  const session = {
    SessionToken: sessionToken,
    SecretAccessKey: 'of the session',
    AccessKeyId: 'ASIASESSION',
    Expiration: '2026-01-15T12:41:00Z',
  }
  const options = (fetch: typeof globalThis.fetch): S3ExpressSessionOptions => ({
    ...place,
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey },
    fetch,
  })
  const get = { method: 'GET', url: `${url}/k`, headers: [], body: null }

  it('asks for a session with a verified CreateSession, once for all requests until a minute before its end', async () => {
    const asked: string[] = []
    const credentials = s3ExpressSession({
      ...options(async (input) => {
        const request = input as Request
        await verifyAwsSigV4(request, { ...verifierOptions, service: 's3express', region: 'us-west-2' })
        asked.push(`${request.method} ${request.url} ${request.headers.get('x-amz-create-session-mode')}`)
        return answer(session)
      }),
      mode: 'ReadOnly',
    })
    const signer = awsSigV4({
      service: 's3express',
      region: 'us-west-2',
      credentials,
      sessionTokenName: 'x-amz-s3session-token',
    })
    const results = await Promise.all([1, 2].map(() => signer.sign(get, contextAt(instant))))
    expect(asked).toEqual([`GET ${url}/?session ReadOnly`])
    for (const { patch, secrets } of results) {
      expect(patch.headers['x-amz-s3session-token']).toBe(sessionToken)
      expect(patch.headers.authorization).toContain('Credential=ASIASESSION/')
      expect(secrets).toContain('of the session')
    }
    await signer.sign(get, contextAt('2026-01-15T12:39:59Z'))
    expect(asked).toHaveLength(1)
  })

  it.each<[string, () => Promise<Response>, string]>([
    [
      'a refusal',
      async () => new Response('<Error><Code>AccessDenied</Code></Error>', { status: 403 }),
      'EZ_TOKEN_REFUSED',
    ],
    [
      'an answer without a token',
      async () => answer({ ...session, SessionToken: '' }),
      'EZ_TOKEN_RESPONSE_INVALID',
    ],
    [
      'an end that is no date',
      async () => answer({ ...session, Expiration: 'soon' }),
      'EZ_TOKEN_RESPONSE_INVALID',
    ],
    ['no answer', () => Promise.reject(new TypeError('fetch failed')), 'EZ_TOKEN_UNREACHABLE'],
  ])('%s is told by its code', async (_, fetch, code) => {
    const { signer } = s3({ ...ofSession, credentials: s3ExpressSession(options(fetch)) })
    const error: unknown = await Promise.resolve(signer.sign(get, contextAt(instant))).catch(
      (thrown) => thrown,
    )
    expect(EzError.isInstance(error) && error.code).toBe(code)
    expect(String(error)).not.toMatch(/of the session|token\+of/)
  })

  it.each<Partial<S3ExpressSessionOptions>>([
    { bucket: 'examplebucket' },
    { mode: 'readwrite' as 'ReadOnly' },
    { fetch: 1 as never },
  ])('refuses %j', (more) => {
    expect(() => s3ExpressSession({ ...options(fetch), ...more })).toThrow(
      expect.objectContaining({ code: 'EZ_OPTION_INVALID' }),
    )
  })
})
