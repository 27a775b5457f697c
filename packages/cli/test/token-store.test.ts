import { mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { ez, folder } from './support/ez.ts'
import { type LoopbackServer, listen } from './support/server.ts'

const storeKey = Buffer.alloc(32, 7).toString('base64')

/** A token endpoint that replaces the refresh token each time and takes none twice, and an API that knows its tokens. */
async function rotatingServers(): Promise<{
  readonly tokens: LoopbackServer & { refreshes: number; reused: number }
  readonly api: LoopbackServer
}> {
  const counts = { refreshes: 0, reused: 0 }
  const tokens = await listen(async (request, response) => {
    const spent =
      new URLSearchParams(String(request.body)).get('refresh_token') !==
      `very-secret-refresh-${counts.refreshes}`
    if (spent) counts.reused += 1
    else counts.refreshes += 1
    await new Promise((resolve) => setTimeout(resolve, 100))
    response.writeHead(spent ? 400 : 200, { 'content-type': 'application/json' })
    response.end(
      JSON.stringify(
        spent
          ? { error: 'invalid_grant' }
          : {
              access_token: `very-secret-access-${counts.refreshes}`,
              refresh_token: `very-secret-refresh-${counts.refreshes}`,
              token_type: 'bearer',
              expires_in: 3600,
            },
      ),
    )
  })
  const api = await listen((request, response) => {
    response.writeHead(
      /^Bearer very-secret-access-\d+$/.test(String(request.headers.authorization)) ? 200 : 401,
    )
    response.end('{}')
  })
  onTestFinished(() => Promise.all([tokens.close(), api.close()]).then(() => {}))
  return {
    api,
    tokens: {
      ...tokens,
      get refreshes() {
        return counts.refreshes
      },
      get reused() {
        return counts.reused
      },
    },
  }
}

function filesFor({ tokens, api }: { tokens: LoopbackServer; api: LoopbackServer }): Record<string, string> {
  const request = (path: string): string =>
    `method: GET\nurl: ${api.url}/${path}\npreRequest:\n  - use: '@ez/oauth2/refresh-token'\n    with: { tokenEndpoint: '${tokens.url}/token', clientId: c, refreshToken: '{{refresh}}' }\n`
  return { 'x.yaml': request('x'), 'y.yaml': request('y'), '.env': 'refresh=very-secret-refresh-0\n' }
}

it('one command with two files, and the next commands, spend a rotating refresh token once', {
  timeout: 60_000,
}, async () => {
  const servers = await rotatingServers()
  const cwd = folder(filesFor(servers))
  const store = mkdtempSync(join(tmpdir(), 'ez-store-'))
  const env = { EZ_STORE_KEY: storeKey, EZ_STORE: store }
  const first = await ez(['run', 'x.yaml', 'y.yaml'], { cwd, env })
  expect(first).toMatchObject({ code: 0 })
  const both = await Promise.all([ez(['run', 'x.yaml'], { cwd, env }), ez(['run', 'y.yaml'], { cwd, env })])
  expect(both.map(({ code }) => code)).toEqual([0, 0])
  expect(servers.tokens).toMatchObject({ refreshes: 1, reused: 0 })
  expect(servers.api.received).toHaveLength(4)
  for (const { stdout, stderr } of [first, ...both]) expect(stdout + stderr).not.toContain('very-secret')
  const kept = readdirSync(store).filter((name) => name.endsWith('.jwe'))
  expect(kept).toHaveLength(1)
  expect(readFileSync(join(store, kept[0] as string), 'utf8')).not.toContain('very-secret')
})

it('without a store a rotating refresh token is not spent, unless --no-store accepts its loss', {
  timeout: 60_000,
}, async () => {
  const servers = await rotatingServers()
  const cwd = folder(filesFor(servers))
  const refused = await ez(['run', 'x.yaml', '--json'], { cwd })
  expect(refused.code).toBe(1)
  expect(refused.stdout).toContain('EZ_TOKEN_STORE_FAILED')
  expect(refused.stdout).toContain('EZ_STORE_KEY')
  expect(refused.stderr.match(/^note: /gm)).toHaveLength(1)
  expect(servers.tokens.received).toHaveLength(0)
  expect(servers.api.received).toHaveLength(0)
  const accepted = await ez(['run', 'x.yaml', 'y.yaml', '--no-store'], { cwd })
  expect(accepted).toMatchObject({ code: 0, stderr: '' })
  expect(servers.tokens).toMatchObject({ refreshes: 1, reused: 0 })
})

it('a store of another key, and a key that is none, are told, and nothing is sent', {
  timeout: 60_000,
}, async () => {
  const servers = await rotatingServers()
  const cwd = folder(filesFor(servers))
  const EZ_STORE = mkdtempSync(join(tmpdir(), 'ez-store-'))
  await ez(['run', 'x.yaml'], { cwd, env: { EZ_STORE, EZ_STORE_KEY: storeKey } })
  const asked = servers.tokens.received.length
  const other = await ez(['run', 'x.yaml', '--json'], {
    cwd,
    env: { EZ_STORE, EZ_STORE_KEY: Buffer.alloc(32, 8).toString('base64') },
  })
  expect(other.stdout).toContain('EZ_TOKEN_STORE_FAILED')
  expect(other.stdout).toContain('SEALED_WITH_ANOTHER_KEY')
  const none = await ez(['run', 'x.yaml', '--json'], {
    cwd,
    env: { EZ_STORE, EZ_STORE_KEY: 'secret-but-short' },
  })
  expect(none.stdout).toMatch(/EZ_STORE_KEY must be 32 bytes/)
  expect(none.stdout + none.stderr).not.toContain('secret-but-short')
  expect(servers.tokens.received).toHaveLength(asked)
})
