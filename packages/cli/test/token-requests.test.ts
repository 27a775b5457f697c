import { execFileSync } from 'node:child_process'
import { generateKeyPairSync, verify } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer as createProxy } from 'node:http'
import { createServer } from 'node:https'
import { type AddressInfo, connect } from 'node:net'
import { join } from 'node:path'
import type { Provider } from '@ez/core'
import { Ajv } from 'ajv'
import { expect, it, onTestFinished } from 'vitest'
import { loginStarts } from '../src/init/login-starts.ts'
import { usesMachineCredentials } from '../src/providers/machine-credentials.ts'
import { ez, folder } from './support/ez.ts'

it.each(loginStarts.map((start) => [start.alias ?? start.use, start] as const))(
  'the first request of %s is one that its provider takes as it is',
  async (_, { use, value }) => {
    const { provider } = (await import(use)) as { provider: Provider }
    const [step] = value.preRequest ?? []
    expect(step?.use).toBe(use)
    expect(new Ajv({ strict: false, logger: false }).validate(provider.options, step?.with)).toBe(true)
    const used = [...JSON.stringify(value).matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name)
    expect([...Object.keys(value.variables ?? {}), ...(value.secrets ?? [])].sort()).toEqual(
      [...new Set(used)].sort(),
    )
  },
)

it('tells credentials of this machine from keys', () => {
  const of = (credentials: unknown): boolean => usesMachineCredentials({ use: 'a', with: { credentials } })
  expect([
    of('default'),
    of({ profile: 'a' }),
    of({ accessKeyId: 'a', secretAccessKey: 'b' }),
    of(undefined),
  ]).toEqual([true, true, false, false])
})

it("a request file may use the machine's credentials with a grant only, and lint asks for none", async () => {
  const cwd = folder({
    'a.yaml':
      "method: GET\nurl: https://api.example.com/\npreRequest:\n  - use: '@ez/aws-sigv4'\n    with: { service: s3, region: us-east-1, credentials: default }\n",
  })
  const refused = await ez(['sign', 'a.yaml'], { cwd })
  expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('--allow credentials')])
  const lint = await ez(['lint', 'a.yaml', '--allow', 'credentials'], {
    cwd,
    env: { AWS_EC2_METADATA_SERVICE_ENDPOINT: 'http://127.0.0.1:9', AWS_CONFIG_FILE: join(cwd, 'none') },
  })
  expect(lint.stdout).toBe('1 request, nothing wrong\n')
  const signed = await ez(['sign', 'a.yaml', '--allow', 'credentials', '--json', '--mask'], {
    cwd,
    env: { AWS_ACCESS_KEY_ID: 'AKIDENV', AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' },
  })
  expect(signed.code).toBe(0)
  expect(signed.stdout).not.toContain('wJalrXUtnFEMI')
})

const openssl = ((): boolean => {
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
})()

it.runIf(openssl)(
  'asks for tokens with --ca and through the proxy of the environment: jwt, GitHub App and login call of one file',
  { timeout: 60_000 },
  async () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
      publicKeyEncoding: { type: 'spki', format: 'pem' },
    })
    const cwd = folder({})
    execFileSync(
      'openssl',
      [
        'req',
        '-x509',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:P-256',
        '-nodes',
        '-days',
        '2',
        '-keyout',
        'k.pem',
        '-out',
        'ca.pem',
        '-subj',
        '/CN=127.0.0.1',
        '-addext',
        'subjectAltName=IP:127.0.0.1',
      ],
      { cwd, stdio: 'ignore' },
    )
    const isSigned = (authorization: string): boolean => {
      const [head = '', body = '', signature = ''] = authorization.replace('Bearer ', '').split('.')
      return verify('sha256', Buffer.from(`${head}.${body}`), publicKey, Buffer.from(signature, 'base64url'))
    }
    const asked: string[] = []
    const server = createServer(
      { key: readFileSync(join(cwd, 'k.pem')), cert: readFileSync(join(cwd, 'ca.pem')) },
      async (request, response) => {
        const chunks: Buffer[] = []
        for await (const chunk of request) chunks.push(chunk as Buffer)
        const { authorization = '' } = request.headers
        asked.push(String(request.url))
        if (request.url === '/session') {
          const isRight = Buffer.concat(chunks).toString() === '{"password":"very-secret-password"}'
          response.writeHead(isRight ? 200 : 401).end('{"token":"very-secret-session","expires_in":600}')
        } else if (request.url === '/app/installations/12/access_tokens')
          response
            .writeHead(isSigned(authorization) ? 201 : 401)
            .end(JSON.stringify({ token: 'very-secret-installation', expires_at: '2100-01-01T00:00:00Z' }))
        else {
          const good =
            request.url === '/jwt' ? isSigned(authorization) : /very-secret-\w+$/.test(authorization)
          response.writeHead(good ? 200 : 401).end('{}')
        }
      },
    )
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    // A tunnel, as curl asks a proxy for an https URL.
    const tunnels: string[] = []
    const tunnel = createProxy().on('connect', (request, socket) => {
      tunnels.push(String(request.url))
      const there = connect(port, '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n')
        there.pipe(socket).pipe(there)
      })
      for (const one of [there, socket]) one.on('error', () => {})
    })
    await new Promise<void>((resolve) => tunnel.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => {
      server.closeAllConnections()
      server.close()
      tunnel.closeAllConnections()
      tunnel.close()
    })
    const url = `https://127.0.0.1:${port}`
    const step = (name: string, options: object): object => ({
      name,
      method: 'GET',
      url: `${url}/${name}`,
      preRequest: [{ use: `@ez/oauth2/${name}`, with: options }],
    })
    writeFileSync(
      join(cwd, 'in.json'),
      JSON.stringify({
        requests: [
          step('jwt', { privateKey: '{{key}}', claims: { iss: 'me' } }),
          step('github-app', { appId: '1', installationId: '12', privateKey: '{{key}}', apiUrl: url }),
          step('login-call', {
            request: { url: `${url}/session`, json: { password: '{{password}}' } },
            token: '$.token',
            expiresIn: '$.expires_in',
          }),
        ],
      }),
    )
    writeFileSync(
      join(cwd, 'vars.json'),
      JSON.stringify({ key: privateKey, password: 'very-secret-password' }),
    )
    const HTTPS_PROXY = `http://127.0.0.1:${(tunnel.address() as AddressInfo).port}`
    const flags = ['--vars', 'vars.json', '--ca', 'ca.pem', '--no-store']
    const run = await ez(['run', 'in.json', ...flags], { cwd, env: { HTTPS_PROXY } })
    expect(run).toMatchObject({ code: 0 })
    expect(tunnels.length).toBeGreaterThan(0)
    expect(asked.filter((path) => /session|installations/.test(path))).toHaveLength(2)
    const through = tunnels.length
    const explained = await ez(['explain', 'in.json#login-call', ...flags], { cwd, env: { HTTPS_PROXY } })
    expect(explained).toMatchObject({ code: 0 })
    expect(tunnels.length).toBe(through + 1)
    const untrusted = await ez(['explain', 'in.json#login-call', '--vars', 'vars.json', '--no-store'], {
      cwd,
    })
    expect(untrusted.stderr).toContain('EZ_TOKEN_UNREACHABLE')
    for (const { stdout, stderr } of [run, explained, untrusted])
      expect(stdout + stderr).not.toMatch(/very-secret|PRIVATE KEY/)
  },
)
