import { expect, test } from 'vitest'
import { readConnectTo } from '../src/send/connect-to.ts'
import { ez, folder } from './support/ez.ts'
import { keys, signed } from './support/files.ts'
import { listen } from './support/server.ts'

test.each([
  ['api.example.com:443:127.0.0.1:8443', 'https://api.example.com/a', '127.0.0.1:8443'],
  ['API.example.com::127.0.0.1:8443', 'https://api.example.com:9443/a', '127.0.0.1:8443'],
  ['::tunnel:', 'http://api.example.com/a', 'tunnel:80'],
  [':443::8443', 'https://api.example.com/', 'api.example.com:8443'],
  ['[::1]:80:[::1]:8080', 'http://[::1]/', '[::1]:8080'],
  ['api.example.com:443:127.0.0.1:8443', 'https://other.example.com/', undefined],
  ['api.example.com:443:127.0.0.1:8443', 'http://api.example.com/', undefined],
])('%s leads %s to %s', (text, url, target) => {
  expect(readConnectTo([text])(url)).toBe(target)
})

test('the first that fits counts', () => {
  const target = readConnectTo(['a.example:::1', '::127.0.0.1:2'])
  expect([target('http://a.example/'), target('http://b.example/')]).toEqual(['a.example:1', '127.0.0.1:2'])
})

test('ez run connects there, and signs for the host of the URL', async () => {
  const server = await listen()
  const cwd = folder({ 'a.yaml': `method: GET\nurl: http://api.example.com/orders\n${signed}` })
  const { port } = new URL(server.url)
  const run = (...more: string[]) => ez(['run', 'a.yaml', '--json', ...more], { cwd, env: keys })
  const sent = await run('--connect-to', `api.example.com:80:127.0.0.1:${port}`)
  expect(sent.code).toBe(0)
  expect(server.received[0]?.headers.host).toBe('api.example.com')
  expect(server.received[0]?.headers.authorization).toContain('AWS4-HMAC-SHA256')
  const wrong = await run('--connect-to', '127.0.0.1:80')
  expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining('HOST1:PORT1:HOST2:PORT2')])
  const proxied = await ez(['run', 'a.yaml', '--json', '--connect-to', '::127.0.0.1:1'], {
    cwd,
    env: { ...keys, HTTP_PROXY: 'http://127.0.0.1:9' },
  })
  expect([proxied.code, proxied.stderr]).toEqual([2, expect.stringContaining('EZ_OPTION_INVALID')])
  expect(server.received).toHaveLength(1)
})
