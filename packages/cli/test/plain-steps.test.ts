import { createHash, createHmac } from 'node:crypto'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { readRules } from '../src/proxy/rules.ts'
import { createProxy } from '../src/proxy/server.ts'
import { createDispatcher } from '../src/send/transport.ts'
import { Session } from '../src/session.ts'
import { ez, folder } from './support/ez.ts'
import { listen, type Received } from './support/server.ts'

const core = '@ez/core/steps'

async function headersOf(step: string, nonce = 'NONCE'): Promise<Readonly<Record<string, string>>> {
  const cwd = folder({
    'in.yaml': `method: POST
url: http://www.example.org/dir/index.html
headers: { x-debug: '1' }
body: { text: ü }
variables: { key: example-key, password: Circle of Life }
preRequest: [${step}]
`,
  })
  const session = await Session.open({ at: '2026-01-15T12:36:00Z', nonce })
  const prepared = await session.prepare(await session.loadOne(join(cwd, 'in.yaml')))
  // Nothing of it is shown.
  expect(JSON.stringify([prepared.trace, prepared])).not.toMatch(/example-key|Circle of Life/)
  const { 'x-debug': debug, 'content-type': _, ...headers } = Object.fromEntries(prepared.headers)
  expect(debug).toBe(step.includes('remove-header') ? undefined : '1')
  return headers
}

it.each([
  ['api-key', "name: X-Key, value: '{{key}}'", { 'x-key': 'example-key' }],
  [
    'basic-auth',
    "username: Aladdin, password: '{{key}}'",
    { authorization: `Basic ${btoa('Aladdin:example-key')}` },
  ],
  ['bearer', "token: '{{key}}'", { authorization: 'Bearer example-key' }],
  [
    'hmac-signature',
    "key: '{{key}}', header: x-signature, algorithm: sha512, encoding: base64, prefix: 'v1='",
    { 'x-signature': `v1=${createHmac('sha512', 'example-key').update('ü').digest('base64')}` },
  ],
  ['nonce-header', 'name: x-nonce', { 'x-nonce': 'NONCE' }],
  ['remove-header', 'name: x-debug', {}],
  ['set-header', 'name: x-a, value: b', { 'x-a': 'b' }],
  ['timestamp-header', 'name: x-time, format: seconds', { 'x-time': '1768480560' }],
])('%s from a file', async (name, options, headers) => {
  expect(await headersOf(`{ use: '${core}/${name}', with: { ${options} } }`)).toEqual(headers)
})

it('digest from a file, with the challenge and the cnonce of the example in RFC 7616 section 3.9.1', async () => {
  const challenge =
    'Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=SHA-256, nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"'
  const step = `{ use: '${core}/digest', with: { username: Mufasa, password: '{{password}}', challenge: '${challenge}' } }`
  const { authorization } = await headersOf(step, 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ')
  const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')
  // The example is of GET; this request is POST.
  const a1 = sha256('Mufasa:http-auth@example.org:Circle of Life')
  const middle =
    '7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v:00000001:f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ:auth'
  const response = (method: string): string =>
    sha256(`${a1}:${middle}:${sha256(`${method}:/dir/index.html`)}`)
  expect(response('GET')).toBe('753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1')
  expect(authorization).toContain(`response="${response('POST')}"`)
})

it('an option that a step does not have is told with its line, as is a subpath that is none', async () => {
  await expect(headersOf(`{ use: '${core}/bearer', with: { tokn: a } }`)).rejects.toMatchObject({
    code: 'EZ_OPTION_INVALID',
    message: expect.stringMatching(/in\.yaml:6:.*tokn/),
  })
  await expect(headersOf(`{ use: '${core}/sha1' }`)).rejects.toMatchObject({ code: 'EZ_PROVIDER_MISSING' })
  await expect(headersOf(`{ use: '${core}' }`)).rejects.toMatchObject({ code: 'EZ_PROVIDER_INVALID' })
})

const md5 = (text: string): string => createHash('md5').update(text).digest('hex')

/** Lets in whom Digest lets in, and gives a nonce to others. */
function startDigestServer(): Promise<{ readonly host: string; readonly received: Received[] }> {
  return listen(({ headers, method, path, body }, response) => {
    const [, uri, given] = /uri="([^"]*)".*response="([0-9a-f]{32})"/.exec(headers.authorization ?? '') ?? []
    const [, count = ''] = /nc=([0-9a-f]{8})/.exec(headers.authorization ?? '') ?? []
    const [, cnonce] = /cnonce="([^"]*)"/.exec(headers.authorization ?? '') ?? []
    const wanted = md5(`${md5('shop:r:pass-word')}:n:${count}:${cnonce}:auth:${md5(`${method}:${path}`)}`)
    if (uri === path && given === wanted) response.end(`let in: ${body}`)
    else
      response.writeHead(401, { 'www-authenticate': 'Digest realm="r", nonce="n", qop="auth"' }).end('who?')
  })
}

const digestStep = `  - use: '${core}/digest'\n    with: { username: shop, password: '{{pw}}' }\n`
const given = { var: ['pw=pass-word'] }

it('ez run answers challenges, and never uses a count of a nonce twice', async () => {
  const server = await startDigestServer()
  const cwd = folder({
    'in.yaml': `defaults:
  preRequest:
${digestStep.replace(/^/gm, '  ').trimEnd()}
requests:
  - { name: one, method: GET, url: 'http://${server.host}/1' }
  - { name: two, method: PUT, url: 'http://${server.host}/2', body: { text: b } }
`,
  })
  const { code, stdout } = await ez(['run', 'in.yaml', '--var', 'pw=pass-word', '--no-color'], { cwd })
  expect([code, stdout]).toEqual([0, expect.stringContaining('200')])
  // At the same time: both learn the one nonce, and neither uses the other's count.
  const counts = server.received.map(({ headers }) => /nc=(\d+)/.exec(headers.authorization ?? '')?.[1])
  expect(counts).toEqual([undefined, undefined, '00000001', '00000002'])
})

it('ez proxy answers a challenge for a program that knows no Digest', async () => {
  const server = await startDigestServer()
  const cwd = folder({
    'rules.yaml': `rules:\n  - host: '${server.host}'\n    scheme: http\n    methods: [GET, POST]\n    paths: ['/**']\n    preRequest:\n${digestStep.replace(/^/gm, '    ')}`,
  })
  const dispatcher = await createDispatcher({})
  const proxy: Server = createProxy(
    {
      session: await Session.open(given),
      rules: await readRules(join(cwd, 'rules.yaml')),
      token: 'TOKEN',
      dispatcher,
      bufferBytes: 1000,
      timeoutMs: 5000,
    },
    () => {},
  )
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  onTestFinished(async () => {
    proxy.close()
    await dispatcher.destroy()
  })
  const base = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}/${server.host}`
  const send = async (path: string, body: BodyInit): Promise<string> => {
    const init = { method: 'POST', headers: { 'x-ez-token': 'TOKEN' }, body, duplex: 'half' } as RequestInit
    return (await fetch(`${base}${path}`, init)).text()
  }
  // What is too long to be held whole cannot be sent twice: its client gets the refusal, and is let in from then on.
  const long = 'x'.repeat(2000)
  expect(await send('/a', new Blob([long]).stream())).toBe('who?')
  expect(await send('/a', new Blob([long]).stream())).toBe(`let in: ${long}`)
  expect(await send('/a?b=c', 'order')).toBe('let in: order')
  expect(server.received).toHaveLength(3)
})
