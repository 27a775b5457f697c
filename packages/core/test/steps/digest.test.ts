import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type PreRequestScript, prepare, type RequestTemplate, signRequest } from '../../src/index.ts'
import { type DigestOptions, digest } from '../../src/steps/digest.ts'

const hash = (algorithm: string, text: string | Uint8Array): string =>
  createHash(/^sha-256/i.test(algorithm) ? 'sha256' : 'md5')
    .update(text)
    .digest('hex')

const circle = { username: 'Mufasa', password: 'Circle of Life' }

async function authorization(
  options: DigestOptions,
  template: Partial<RequestTemplate> = {},
  nonce = 'c-nonce',
): Promise<string | undefined> {
  const prepared = await prepare(
    {
      method: 'GET',
      url: 'http://www.example.org/dir/index.html',
      preRequest: [digest(options)],
      ...template,
    },
    { nonce: () => nonce },
  )
  return prepared.headers.find(([name]) => name === 'authorization')?.[1]
}

/** The parameters of a value, by a reading of its own. */
const parametersOf = (value: string | undefined): Record<string, string> =>
  Object.fromEntries(
    [...(value ?? '').matchAll(/([\w*]+)=(?:"((?:[^"\\]|\\.)*)"|([^,\s]+))/g)].map(
      ([, name, quoted, plain]) => [name, quoted?.replace(/\\(.)/g, '$1') ?? plain],
    ),
  )

const rfc7616 =
  'realm="http-auth@example.org", qop="auth, auth-int", nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"'

// RFC 2617 section 3.5 and RFC 7616 section 3.9.1.
test.each([
  [
    'RFC 2617',
    'Digest realm="testrealm@host.com", qop="auth,auth-int", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", opaque="5ccc069c403ebaf9f0171e9517f40e41"',
    { username: 'Mufasa', password: 'Circle Of Life' },
    '0a4f113b',
    '6629fae49393a05397450978507c4ef1',
  ],
  [
    'RFC 7616, MD5',
    `Digest ${rfc7616}, algorithm=MD5`,
    circle,
    'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ',
    '8ca523f5e9506fed4657c9700eebdbec',
  ],
  [
    'RFC 7616, SHA-256',
    `Digest ${rfc7616}, algorithm=MD5, Digest ${rfc7616}, algorithm=SHA-256`,
    circle,
    'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ',
    '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1',
  ],
])('%s: its example', async (_, challenge, credentials, cnonce, response) => {
  const value = await authorization({ ...credentials, challenge }, {}, cnonce)
  expect(parametersOf(value)).toMatchObject({
    uri: '/dir/index.html',
    nc: '00000001',
    cnonce,
    response,
    qop: 'auth',
  })
})

test('-sess, auth-int and servers of RFC 2069: the formulas of RFC 7616 section 3.4', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('MD5', 'md5-sess', 'SHA-256', 'SHA-256-sess'),
      fc.constantFrom(undefined, 'auth', 'auth-int'),
      fc.stringMatching(/^[ -9;-~]{1,8}$/),
      fc.string({ minLength: 1, unit: 'grapheme' }).filter((text) => text.isWellFormed()),
      fc.stringMatching(/^[ -~]{0,8}$/),
      fc.uint8Array(),
      async (algorithm, qop, username, password, realm, bytes) => {
        const quoted = realm.replace(/["\\]/g, '\\$&')
        const challenge = `Digest realm="${quoted}", nonce="n=,1", algorithm=${algorithm}${qop ? `, qop="${qop}"` : ''}`
        const value = await authorization(
          { username, password, challenge },
          { method: 'PUT', url: 'http://a.example/b?c=d%20e', body: { bytes } },
        )
        const h = (text: string | Uint8Array): string => hash(algorithm, text)
        const first = h(`${username}:${realm}:${password}`)
        const a1 = /-sess$/.test(algorithm) ? h(`${first}:n=,1:c-nonce`) : first
        const a2 = h(`PUT:/b?c=d%20e${qop === 'auth-int' ? `:${h(bytes)}` : ''}`)
        const middle = qop ? `n=,1:00000001:c-nonce:${qop}` : 'n=,1'
        expect(parametersOf(value)).toMatchObject({
          username,
          realm,
          nonce: 'n=,1',
          algorithm,
          response: h(`${a1}:${middle}:${a2}`),
        })
      },
    ),
  )
})

test('a nonce is used again for its origin, counted; the key of a session keeps its first cnonce', async () => {
  const script = digest(circle)
  let count = 0
  const send = (url: string) =>
    signRequest({ method: 'GET', url }, [script], { nonce: () => `cnonce-${++count}` })
  const ask = (nonce: string, more = '') => ({
    status: 401,
    headers: [
      [
        'www-authenticate',
        `Basic realm="x", Digest realm="r", nonce="${nonce}", qop="auth", algorithm=MD5-sess${more}`,
      ],
    ] as [string, string][],
    body: new Uint8Array(),
  })
  const first = await send('https://a.example/1')
  const elsewhere = await send('https://b.example/1')
  expect(first.headers).toEqual([])
  expect(await script.challenge?.(ask('one'), first)).toBe(true)
  const values = []
  for (const path of [1, 2, 3])
    values.push(parametersOf((await send(`https://a.example/${path}`)).headers[0]?.[1]))
  expect(values.map(({ nc }) => nc)).toEqual(['00000001', '00000002', '00000003'])
  expect(new Set(values.map(({ cnonce }) => cnonce)).size).toBe(1)
  // Another server has not asked yet, and then has a nonce of its own.
  expect((await send('https://b.example/2')).headers).toEqual([])
  expect(await script.challenge?.(ask('two'), elsewhere)).toBe(true)
  expect(parametersOf((await send('https://b.example/3')).headers[0]?.[1])).toMatchObject({
    nonce: 'two',
    nc: '00000001',
  })
  // A nonce that has grown old is changed; one that was refused at once is not worth another try.
  const old = await send('https://a.example/4')
  expect(await script.challenge?.(ask('three'), old)).toBe(true)
  const fresh = await send('https://a.example/5')
  expect(await script.challenge?.(ask('four'), fresh)).toBe(false)
  expect(script.diagnose?.(ask('four'), fresh)?.message).toContain('check user name and password')
  expect(await script.challenge?.(ask('four', ', stale=true'), fresh)).toBe(true)
  script.forget?.()
  expect((await send('https://a.example/6')).headers).toEqual([])
})

describe('what a server may ask', () => {
  const shown = async (challenge: string, options: Partial<DigestOptions> = {}): Promise<string> =>
    (await authorization({ ...circle, ...options, challenge })) ?? ''

  test('the hash of the user name, a name in UTF-8, a choice of qop', async () => {
    const asked = 'Digest realm="r", nonce="n", qop="auth", algorithm=SHA-256, charset=UTF-8'
    expect(await shown(`${asked}, userhash=true`)).toContain(`username="${hash('SHA-256', 'Mufasa:r')}"`)
    expect(await shown(`${asked}, userhash=true`)).toMatch(/, userhash=true$/)
    expect(await shown(asked, { username: 'Jäsøn Doe' })).toContain("username*=UTF-8''J%C3%A4s%C3%B8n%20Doe")
    expect(await shown('Digest realm="r", nonce="n", qop="auth-int, auth"')).toContain('qop=auth,')
    expect(await shown('Digest realm="r", nonce="n", qop="auth-int, auth"', { qop: 'auth-int' })).toContain(
      'qop=auth-int',
    )
  })

  test('what is not known is not answered, and said', async () => {
    const script: PreRequestScript = digest(circle)
    const asked = {
      status: 401,
      headers: [['www-authenticate', 'Digest realm="r", nonce="n", algorithm=SHA-512-256']],
      body: new Uint8Array(),
    } as const
    const prepared = await signRequest({ method: 'GET', url: 'https://a.example/' }, [script])
    expect(await script.challenge?.(asked, prepared)).toBe(false)
    expect(script.diagnose?.(asked, prepared)?.message).toContain('a Digest that is not known here')
    expect(() => digest({ ...circle, challenge: 'Basic realm="r"' })).toThrow(
      expect.objectContaining({ code: 'EZ_OPTION_INVALID' }),
    )
    expect(() => digest({ username: 'a:b', password: 'p' })).toThrow(
      expect.objectContaining({ code: 'EZ_OPTION_INVALID' }),
    )
    expect(() => digest({ username: 'a', password: '' })).toThrow(
      expect.objectContaining({ code: 'EZ_CREDENTIAL_MISSING' }),
    )
  })

  test('a stream cannot be covered by auth-int', async () => {
    const body = { stream: () => new Blob(['x']).stream() }
    const challenge = 'Digest realm="r", nonce="n", qop="auth-int"'
    const failed = authorization({ ...circle, challenge }, { method: 'PUT', body })
    await expect(failed).rejects.toMatchObject({ code: 'EZ_BODY_UNSIGNABLE' })
  })
})
