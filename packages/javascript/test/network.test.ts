import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { run, shown } from './support.ts'

let server: Server
let host = ''

beforeAll(async () => {
  server = createServer((request, response) => {
    if (request.url === '/redirect') response.writeHead(302, { location: 'https://elsewhere.example/' }).end()
    else if (request.url === '/large') response.end(Buffer.alloc(9 * 1024 * 1024))
    else if (request.url === '/slow') setTimeout(() => response.end('late'), 5000).unref()
    else {
      let body = ''
      request.on('data', (chunk) => {
        body += chunk
      })
      request.on('end', () => {
        response.writeHead(201, {
          'content-type': 'application/json',
          'x-seen': request.headers['x-a'] ?? '',
        })
        response.end(
          JSON.stringify({ method: request.method, type: request.headers['content-type'] ?? null, body }),
        )
      })
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  host = `127.0.0.1:${(server.address() as AddressInfo).port}`
})

afterAll(() => {
  server.closeAllConnections()
  server.close()
})

const granted = (): { options: { allow: { hosts: string[] }; timeoutMs: number } } => ({
  options: { allow: { hosts: [host] }, timeoutMs: 60_000 },
})

test('a granted host answers', async () => {
  const expression = `await fetch('http://${host}/', { method: 'POST', headers: { 'x-a': 'b' }, body: new URLSearchParams({ c: 'd e' }) }).then(async (response) => [response.ok, response.status, response.headers.get('X-Seen'), await response.json()])`
  expect(await shown(expression, granted())).toBe(
    '[true,201,"b",{"method":"POST","type":"application/x-www-form-urlencoded;charset=UTF-8","body":"c=d+e"}]',
  )
})

test('several requests at once, by the context of a module', async () => {
  const prepared = await run(
    `export default async (request, { fetch }) => {
      const answers = await Promise.all(['a', 'b', 'c'].map((body) => fetch('http://${host}/', { method: 'PUT', body })))
      const bodies = await Promise.all(answers.map((answer) => answer.json()))
      request.headers.set('x-all', bodies.map(({ body }) => body).join(''))
    }`,
    granted(),
  )
  expect(prepared.headers).toContainEqual(['x-all', 'abc'])
})

test('a redirect is not followed', async () => {
  expect(await shown(`(await fetch('http://${host}/redirect')).status`, granted())).toBe('302')
})

test.each<[string, () => string, RegExp]>([
  ['another host', () => 'https://elsewhere.example/', /not in allow\.hosts/],
  ['another port', () => 'http://127.0.0.1:1/', /not in allow\.hosts/],
  ['a disguised host', () => `http://${host}@elsewhere.example/`, /not in allow\.hosts/],
  ['credentials', () => `http://a:b@${host}/`, /may not hold credentials/],
  ['another scheme', () => `ftp://${host}/`, /only https/],
  ['a file', () => 'file:///etc/passwd', /not in allow\.hosts/],
  ['a large answer', () => `http://${host}/large`, /longer than 8 MiB/],
])('%s is refused', async (_, url, message) => {
  await expect(run(`await fetch('${url()}')`, granted())).rejects.toMatchObject({
    code: 'EZ_SCRIPT_FAILED',
    message: expect.stringMatching(message),
  })
})

test('waiting counts as running', async () => {
  const waiting = run(`await fetch('http://${host}/slow')`, {
    options: { allow: { hosts: [host] }, timeoutMs: 100 },
  })
  await expect(waiting).rejects.toMatchObject({ code: 'EZ_SCRIPT_TIMEOUT' })
})

test('a script can catch what the network did', async () => {
  expect(
    await shown(`await fetch('https://elsewhere.example/').catch((error) => error.name)`, granted()),
  ).toBe('TypeError')
})
