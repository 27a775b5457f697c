import { awsSigV4 } from '@ez/aws-sigv4'
import { prepare } from '@ez/core'
import { describe, expect, it } from 'vitest'
import { ez, folder } from './support/ez.ts'
import { accessKey, keys, orders, secretKey } from './support/files.ts'

const variables = ['--var', 'base_url=https://api.example.com', '--var', 'marketplace_ids:=["A1","B2"]']
const pinned = ['--at', '2026-11-21T08:00:00Z', '--nonce', 'abc']
const cwd = folder({ 'orders.yaml': orders })

async function expected(): Promise<{
  url: string
  headers: unknown
  body: string
  trace: unknown
  curl: string
}> {
  const prepared = await prepare(
    {
      method: 'POST',
      url: '{{base_url}}/reports?b=2&a=1',
      headers: { 'content-type': 'application/json' },
      body: { json: { start: '{%yesterday%}T00:00:01', marketplaceIds: ['A1', 'B2'] } },
      preRequest: [
        awsSigV4({
          service: 'execute-api',
          region: 'us-east-1',
          credentials: { accessKeyId: accessKey, secretAccessKey: secretKey },
        }),
      ],
    },
    { variables: { base_url: 'https://api.example.com' }, clock: () => new Date('2026-11-21T08:00:00Z') },
  )
  const body = new TextDecoder().decode(prepared.body as Uint8Array)
  return {
    url: prepared.url,
    headers: prepared.headers,
    body,
    trace: prepared.trace,
    curl: prepared.toCurl(),
  }
}

describe('ez sign', () => {
  it('prints as JSON what the library prepares', async () => {
    const { code, stdout, stderr } = await ez(
      ['sign', 'orders.yaml', '--format', 'json', ...variables, ...pinned],
      { cwd, env: keys },
    )
    expect(stderr).toBe('')
    expect(code).toBe(0)
    const { url, headers, body, trace } = await expected()
    expect(JSON.parse(stdout)).toEqual({
      method: 'POST',
      url,
      headers,
      body: { encoding: 'utf8', data: body },
      trace,
    })
  })

  it('prints an HTTP message by default, and a cURL line', async () => {
    const http = await ez(['sign', 'orders.yaml', ...variables, ...pinned], { cwd, env: keys })
    const { body, curl } = await expected()
    expect(http.stdout.split('\r\n')).toContain('host: api.example.com')
    expect(http.stdout.startsWith('POST /reports?b=2&a=1 HTTP/1.1\r\n')).toBe(true)
    expect(http.stdout.endsWith(`content-length: ${body.length}\r\n\r\n${body}`)).toBe(true)
    const line = await ez(['sign', 'orders.yaml', '--format', 'curl', ...variables, ...pinned], {
      cwd,
      env: keys,
    })
    expect(line.stdout).toBe(`${curl}\n`)
  })

  it('masks everywhere with --mask, and in the trace always', async () => {
    for (const format of ['http', 'curl', 'json']) {
      const { stdout } = await ez(
        ['sign', 'orders.yaml', '--format', format, '--mask', ...variables, ...pinned],
        { cwd, env: keys },
      )
      expect(stdout).not.toMatch(/Signature=[0-9a-f]{64}/)
      expect(stdout).not.toContain(secretKey)
      expect(stdout).toContain('***')
    }
  })

  it('prints binary bodies as base64', async () => {
    const there = folder({
      'put.yaml': 'method: PUT\nurl: https://api.example.com/\nbody: { file: ./data.bin }\n',
      'data.bin': new Uint8Array([0, 255, 128]),
    })
    const { stdout } = await ez(['sign', 'put.yaml', '--json'], { cwd: there })
    expect((JSON.parse(stdout) as { body: unknown }).body).toEqual({ encoding: 'base64', data: 'AP+A' })
  })

  it('keeps long whole numbers of the file', async () => {
    const there = folder({
      'id.yaml':
        'method: POST\nurl: https://api.example.com/\nbody: { json: { id: 12345678901234567890 } }\n',
    })
    const { stdout } = await ez(['sign', 'id.yaml', '--json'], { cwd: there })
    expect(stdout).toContain('12345678901234567890')
  })
})

describe('ez explain', () => {
  it('shows every stage, masked, with lines named', async () => {
    const { code, stdout } = await ez(['explain', 'orders.yaml', ...variables, ...pinned], { cwd, env: keys })
    expect(code).toBe(0)
    expect(stdout).toContain('aws-sigv4 canonical-request')
    expect(stdout).toMatch(/query {2,}a=1&b=2/)
    expect(stdout).toMatch(/credential scope +20261121\/us-east-1\/execute-api\/aws4_request/)
    expect(stdout).not.toContain(secretKey)
    expect(stdout).not.toContain('\u001b[')
  })

  it('names the lines of the other schemes too', async () => {
    const there = folder({
      'oauth.yaml':
        "method: GET\nurl: https://api.example.com/a?b=c%20d\npreRequest:\n  - use: '@ez/netsuite-oauth1/oauth1'\n    with: { consumerKey: ck, consumerSecret: cs, token: t, tokenSecret: ts }\n",
      'cosmos.yaml':
        "method: GET\nurl: https://a.documents.azure.com/dbs/b\npreRequest: [{ use: '@ez/cosmos-auth', with: { masterKey: c2VjcmV0LWtleQ== } }]\n",
    })
    const oauth = await ez(['explain', 'oauth.yaml'], { cwd: there })
    expect(oauth.stdout).toMatch(/url +https:\/\/api\.example\.com\/a\n/)
    expect(oauth.stdout).toMatch(/parameter +b=c%20d\n/)
    const cosmos = await ez(['explain', 'cosmos.yaml'], { cwd: there })
    expect(cosmos.stdout).toMatch(/resource link +dbs\/b\n/)
  })

  it('takes runtime values from a flag', async () => {
    const there = folder({ 'page.yaml': 'method: GET\nurl: https://api.example.com/?page={%min_num%}\n' })
    const { stdout } = await ez(['sign', 'page.yaml', '--runtime', 'min_num:=3'], { cwd: there })
    expect(stdout).toContain('GET /?page=3 HTTP/1.1')
  })

  it('shows the stages up to a failure', async () => {
    const there = folder({
      'a.yaml': 'method: GET\nurl: https://api.example.com/\nheaders: { authorization: "{%signature%}" }\n',
    })
    const { code, stderr } = await ez(['explain', 'a.yaml'], { cwd: there })
    expect(code).toBe(2)
    expect(stderr).toContain('a.yaml:3:28: {%signature%} has no value')
  })
})
