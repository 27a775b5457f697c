import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { bin, type Ended, environment, ez, folder } from './support/ez.ts'
import { startLoginServer, walk } from './support/login-server.ts'
import { type LoopbackServer, listen } from './support/server.ts'

const storeKey = Buffer.alloc(32, 7).toString('base64')

interface Place {
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
}

const place = (files: Readonly<Record<string, string>>): Place => ({
  cwd: folder(files),
  env: { EZ_STORE_KEY: storeKey, EZ_STORE: mkdtempSync(join(tmpdir(), 'ez-store-')) },
})

async function startApi(): Promise<LoopbackServer> {
  const api = await listen((request, response) => {
    response.writeHead(/^Bearer \S{20,}$/.test(String(request.headers.authorization)) ? 200 : 401).end('{}')
  })
  onTestFinished(() => api.close())
  return api
}

const requestWith = (url: string, options: string, use = 'authorization-code'): string =>
  `method: GET\nurl: ${url}/orders\npreRequest:\n  - use: '@ez/oauth2/${use}'\n    with: { ${options} }\n`

const native = (issuer: string, scope = 'openid offline_access orders.read'): string =>
  `issuer: '${issuer}', clientId: my-native.client, scope: '${scope}', extraParameters: { prompt: consent }`

/** Runs `ez login` with somebody who goes to the address that it prints; `seen` is called while it waits. */
async function login(
  { cwd, env }: Place,
  args: readonly string[],
  person: (address: string) => Promise<unknown>,
  seen: (pid: number) => void = () => {},
): Promise<Ended> {
  const child = spawn(process.execPath, [bin, 'login', ...args, '--no-browser', '--timeout', '30'], {
    cwd,
    env: environment(env),
  })
  let stdout = ''
  let stderr = ''
  let isGoing = false
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  const gone = new Promise<unknown>((resolve, reject) => {
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text
      const address = /^(http:\S+)\n/m.exec(stderr)?.[1]
      if (address === undefined || isGoing) return
      isGoing = true
      seen(child.pid as number)
      person(address).then(resolve, reject)
    })
    child.on('close', resolve)
  })
  const code = new Promise<number | null>((resolve) => child.on('close', resolve))
  await gone
  return { code: await code, stdout, stderr }
}

/** Everything that a command showed holds no token of the store. */
function expectNoToken({ env }: Place, sent: readonly string[], outputs: readonly Ended[]): void {
  const shown = outputs.map(({ stdout, stderr }) => stdout + stderr).join('\n')
  for (const token of sent) expect(shown).not.toContain(token)
  for (const name of readdirSync(env.EZ_STORE as string).filter((file) => file.endsWith('.jwe')))
    for (const token of sent)
      expect(readFileSync(join(env.EZ_STORE as string, name), 'utf8')).not.toContain(token)
}

const tokensOf = (api: LoopbackServer): string[] =>
  api.received.map(({ headers }) => String(headers.authorization).replace('Bearer ', ''))

describe('authorization code', () => {
  it('logs in once; later commands use, refresh and rotate the stored token, and show none', {
    timeout: 120_000,
  }, async () => {
    const server = await startLoginServer(6)
    const api = await startApi()
    const at = place({ 'in.yaml': requestWith(api.url, `${native(server.issuer)}, marginSeconds: 1`) })
    const before = await ez(['run', 'in.yaml', '--json'], at)
    expect(before.stdout).toContain('EZ_LOGIN_REQUIRED')
    expect(before.stdout).toContain('ez login ')
    expect(api.received).toHaveLength(0)
    const processes: string[] = []
    const loggedIn = await login(at, ['in.yaml'], walk, (pid) =>
      processes.push(readFileSync(`/proc/${pid}/cmdline`, 'utf8')),
    )
    expect(loggedIn).toMatchObject({ code: 0 })
    expect(loggedIn.stdout).toContain('as user-1')
    expect(loggedIn.stdout).toContain('refreshed by itself')
    const address = new URL(/^(http:\S+)\n/m.exec(loggedIn.stderr)?.[1] as string)
    expect(Object.fromEntries(address.searchParams)).toMatchObject({
      code_challenge_method: 'S256',
      redirect_uri: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/callback$/),
      state: expect.stringMatching(/^.{40,}$/),
      nonce: expect.stringMatching(/^.{40,}$/),
    })
    const outputs = [before, loggedIn, await ez(['run', 'in.yaml'], at)]
    expect(outputs[2]).toMatchObject({ code: 0 })
    expect(server.grants).toEqual(['authorization_code'])
    await new Promise((resolve) => setTimeout(resolve, 5500))
    // Two processes at once find it ended: one refresh, with a refresh token that is replaced.
    outputs.push(...(await Promise.all([ez(['run', 'in.yaml'], at), ez(['run', 'in.yaml'], at)])))
    expect(outputs.slice(3).map(({ code }) => code)).toEqual([0, 0])
    expect(server.grants).toEqual(['authorization_code', 'refresh_token'])
    await new Promise((resolve) => setTimeout(resolve, 5500))
    outputs.push(await ez(['run', 'in.yaml'], at), await ez(['explain', 'in.yaml'], at))
    expect(outputs.at(-2)).toMatchObject({ code: 0 })
    expect(server.statuses.every((status) => status === 200)).toBe(true)
    const listed = await ez(['tokens', '--json'], at)
    expect(JSON.parse(listed.stdout)).toMatchObject([
      {
        step: 'authorization-code',
        isRenewed: true,
        about: {
          issuer: server.issuer,
          clientId: 'my-native.client',
          subject: 'user-1',
          file: join(at.cwd, 'in.yaml'),
          hosts: [api.host],
        },
      },
    ])
    outputs.push(listed, await ez(['tokens'], at))
    expectNoToken(at, tokensOf(api), outputs)
    for (const token of tokensOf(api)) expect(processes.join('\n')).not.toContain(token)
    expect(await ez(['logout', 'in.yaml'], at)).toMatchObject({ code: 0 })
    expect((await ez(['run', 'in.yaml', '--json'], at)).stdout).toContain('EZ_LOGIN_REQUIRED')
    expect((await ez(['tokens'], at)).stdout).toBe('the store holds no tokens\n')
  })

  it("refuses a stranger's file that asks for the token, and other hosts than the login's; nothing is sent", {
    timeout: 120_000,
  }, async () => {
    const server = await startLoginServer()
    const [api, evil] = [await startApi(), await startApi()]
    const at = place({
      'mine/in.yaml': requestWith(api.url, native(server.issuer)),
      'stranger/in.yaml': requestWith(evil.url, native(server.issuer)),
      'stranger/same-host.yaml': requestWith(api.url, native(server.issuer)),
      'stranger/placed.yaml': `method: GET\nurl: ${api.url}/orders?t={%access_token%}\npreRequest:\n  - use: '@ez/oauth2/authorization-code'\n    with: { ${native(server.issuer)} }\n`,
    })
    expect(await login(at, ['mine/in.yaml'], walk)).toMatchObject({ code: 0 })
    const refused = await ez(['run', 'stranger/in.yaml', '--json'], at)
    expect(refused.stdout).toContain('EZ_NOT_ALLOWED')
    expect(refused.stdout).toContain('--allow store')
    expect(refused.code).toBe(2)
    const elsewhere = await ez(['run', 'stranger/in.yaml', '--allow', 'store', '--json'], at)
    expect(elsewhere.stdout).toContain('EZ_HOST_NOT_ALLOWED')
    const placed = await ez(['run', 'stranger/placed.yaml', '--allow', 'store', '--json'], at)
    expect(placed.stdout).toContain('EZ_NOT_ALLOWED')
    expect([...api.received, ...evil.received]).toHaveLength(0)
    expect(await ez(['run', 'stranger/same-host.yaml', '--allow', 'store'], at)).toMatchObject({ code: 0 })
    expect(await ez(['run', 'stranger/same-host.yaml'], at)).toMatchObject({ code: 2 })
    expect(api.received).toHaveLength(1)
    const config = join(at.cwd, 'config.yaml')
    const { writeFileSync } = await import('node:fs')
    writeFileSync(config, `folders: { ${JSON.stringify(join(at.cwd, 'stranger'))}: [store] }\n`)
    const granted = { ...at, env: { ...at.env, EZ_CONFIG: config } }
    expect(await ez(['run', 'stranger/same-host.yaml'], granted)).toMatchObject({ code: 0 })
  })

  it('tells scopes that the server dropped in silence', { timeout: 60_000 }, async () => {
    const server = await startLoginServer()
    const api = await startApi()
    const at = place({
      'in.yaml': requestWith(api.url, native(server.issuer, 'openid offline_access orders.read nonsense')),
    })
    const { stderr, code } = await login(at, ['in.yaml'], walk)
    expect(code).toBe(0)
    expect(stderr).toContain('did not grant nonsense')
  })

  it.each([
    ['another state', (url: URL) => url.searchParams.set('state', 'x'.repeat(43))],
    ['another issuer', (url: URL) => url.searchParams.set('iss', 'https://evil.example.com')],
    ['no issuer, of a server that always names it', (url: URL) => url.searchParams.delete('iss')],
  ])('refuses an answer with %s, and asks for no token', { timeout: 60_000 }, async (_, change) => {
    const server = await startLoginServer()
    const api = await startApi()
    const at = place({ 'in.yaml': requestWith(api.url, native(server.issuer)) })
    const { stderr, code } = await login(at, ['in.yaml'], async (address) => {
      const { searchParams } = new URL(address)
      const url = new URL(searchParams.get('redirect_uri') as string)
      url.searchParams.set('code', 'a-code')
      url.searchParams.set('state', searchParams.get('state') as string)
      url.searchParams.set('iss', server.issuer)
      change(url)
      return (await fetch(url)).text()
    })
    expect(stderr).toContain('EZ_LOGIN_REFUSED')
    expect(code).toBe(2)
    expect(server.grants).toEqual([])
  })

  it('is refused before anybody logs in where a login would be lost', { timeout: 60_000 }, async () => {
    const server = await startLoginServer()
    const cwd = folder({ 'in.yaml': requestWith('http://127.0.0.1:9', native(server.issuer)) })
    for (const [env, flags] of [
      [{}, []],
      [{ EZ_STORE_KEY: storeKey }, ['--no-store']],
    ] as const) {
      const { stderr, code } = await ez(['login', 'in.yaml', ...flags], { cwd, env })
      expect(stderr).toContain('EZ_TOKEN_STORE_FAILED')
      expect(stderr).not.toContain('Log in here')
      expect(code).toBe(1)
    }
  })
})

it('device code: logs in on another device, and refreshes by itself', { timeout: 90_000 }, async () => {
  const server = await startLoginServer()
  const api = await startApi()
  const at = place({
    'in.yaml': requestWith(
      api.url,
      `issuer: '${server.issuer}', clientId: my-native.client, scope: 'offline_access orders.read'`,
      'device-code',
    ),
  })
  const loggedIn = await login(at, ['in.yaml'], walk)
  expect(loggedIn.stderr).toMatch(/type in: \w{4}-\w{4}/)
  expect(loggedIn).toMatchObject({ code: 0 })
  const sent = await ez(['run', 'in.yaml'], at)
  expect(sent).toMatchObject({ code: 0 })
  expectNoToken(at, tokensOf(api), [loggedIn, sent])
})

const chromium = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync)

it.runIf(chromium)('a person logs in with a real browser, once', { timeout: 120_000 }, async () => {
  const server = await startLoginServer()
  const api = await startApi()
  const at = place({ 'in.yaml': requestWith(api.url, native(server.issuer)) })
  const { chromium: launcher } = await import('playwright-core')
  const browser = await launcher.launch({
    executablePath: chromium as string,
    args: ['--no-sandbox', '--disable-gpu', '--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1'],
  })
  onTestFinished(() => browser.close())
  const page = await browser.newPage()
  const loggedIn = await login(at, ['in.yaml'], async (address) => {
    await page.goto(address, { waitUntil: 'domcontentloaded' })
    await page.fill('input[name=login]', 'user-1')
    await page.fill('input[name=password]', 'any')
    await page.click('button[type=submit]')
    await page.waitForSelector('input[name=prompt][value=consent]', { state: 'attached' })
    await page.click('button[type=submit]')
    await page.waitForURL(/callback/)
    return page.textContent('body')
  })
  expect(loggedIn).toMatchObject({ code: 0 })
  expect(await page.textContent('body')).toContain('You are logged in')
  for (let time = 0; time < 2; time += 1) expect(await ez(['run', 'in.yaml'], at)).toMatchObject({ code: 0 })
  expect(server.grants).toEqual(['authorization_code'])
})
