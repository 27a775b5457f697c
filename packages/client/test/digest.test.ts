import { execFile, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { digest } from '@ez/core/steps/digest'
import { expect, onTestFinished, test } from 'vitest'
import { attemptsOf, createClient, signedFetch } from '../src/index.ts'
import { answer, startServer } from './support/server.ts'

const run = promisify(execFile)
const credentials = { username: 'shop', password: 'a "b" \\ c' }

/** By a reading of its own, from what arrived. */
const parametersOf = (value = ''): Record<string, string> =>
  Object.fromEntries(
    [...value.matchAll(/([\w*]+)=(?:"((?:[^"\\]|\\.)*)"|([^,\s]+))/g)].map(([, name, quoted, plain]) => [
      name,
      quoted?.replace(/\\(.)/g, '$1') ?? plain,
    ]),
  )

/** A server that counts its nonces, and lets each be used three times. */
const startDigestServer = (algorithm: string, qop: string) => {
  const uses = new Map<string, number>()
  const h = (text: string): string =>
    createHash(/^SHA/.test(algorithm) ? 'sha256' : 'md5')
      .update(text)
      .digest('hex')
  return startServer(({ method, path, headers, body }, response) => {
    const { nonce = '', nc = '', cnonce = '', uri, response: given } = parametersOf(headers.authorization)
    const used = uses.get(nonce)
    const first = h(`shop:r:${credentials.password}`)
    const a1 = algorithm.endsWith('-sess') ? h(`${first}:${nonce}:${cnonce}`) : first
    const a2 = h(`${method}:${uri}${qop === 'auth-int' ? `:${h(body)}` : ''}`)
    const wanted = h(qop === '' ? `${a1}:${nonce}:${a2}` : `${a1}:${nonce}:${nc}:${cnonce}:${qop}:${a2}`)
    const isNext = qop === '' || Number.parseInt(nc, 16) === (used ?? 0) + 1
    if (used !== undefined && used < 3 && isNext && uri === path && given === wanted) {
      uses.set(nonce, used + 1)
      return answer(response, 200, body)
    }
    const fresh = `nonce-${uses.size}`
    uses.set(fresh, 0)
    answer(response, 401, '', {
      'www-authenticate': `Digest realm="r", nonce="${fresh}", opaque="o", algorithm=${algorithm}${qop === '' ? '' : `, qop="${qop}"`}${used === undefined ? '' : ', stale=true'}`,
    })
  })
}

test.each([
  ['MD5', 'auth'],
  ['MD5', ''],
  ['MD5-sess', 'auth'],
  ['SHA-256', 'auth'],
  ['SHA-256-sess', 'auth-int'],
  ['MD5', 'auth-int'],
])(
  '%s with qop "%s": one request to learn the nonce, which serves until it is stale',
  async (algorithm, qop) => {
    const server = await startDigestServer(algorithm, qop)
    const client = createClient({ retry: false, preRequest: [digest(credentials)] })
    const statuses: (number | undefined)[] = []
    for (const number of [1, 2, 3, 4, 5]) {
      const response = await client.send({
        method: 'POST',
        url: `${server.url}/a%20b?n=${number}`,
        body: { text: 'ü' },
      })
      expect(await response.text()).toBe('ü')
      statuses.push(...attemptsOf(response).map(({ status }) => status))
    }
    expect(statuses).toEqual([401, 200, 200, 200, 401, 200, 200])
  },
)

test('a password that is wrong is refused after one more attempt, and said', async () => {
  const server = await startDigestServer('SHA-256', 'auth')
  const step = digest({ ...credentials, password: 'wrong-password' })
  const response = await createClient({ retry: false, preRequest: [step] }).send({
    method: 'GET',
    url: server.url,
  })
  expect(attemptsOf(response).map(({ status }) => status)).toEqual([401, 401])
  expect(attemptsOf(response).at(-1)?.diagnosis?.message).toContain('check user name and password')
  expect((await signedFetch(step)(server.url)).status).toBe(401)
  expect(server.received).toHaveLength(4)
})

const hasCurl = await run('curl', ['--version']).then(
  ({ stdout }) => /^curl \d/.test(stdout),
  () => false,
)

test.skipIf(!hasCurl)('curl --digest sends the same parameters and values', async () => {
  for (const [algorithm, qop] of [
    ['MD5', 'auth'],
    ['MD5-sess', 'auth'],
    ['SHA-256', 'auth'],
    ['SHA-256-sess', 'auth'],
    ['MD5', ''],
  ] as const) {
    const server = await startDigestServer(algorithm, qop)
    const url = `${server.url}/a/b?c=d%20e`
    const user = `${credentials.username}:${credentials.password}`
    const { stdout } = await run('curl', ['-sS', '--digest', '-u', user, '-w', '%{http_code}', url])
    expect(stdout).toMatch(/200$/)
    const theirs = parametersOf(server.received.at(-1)?.headers.authorization)
    const ours = await startDigestServer(algorithm, qop)
    const client = createClient({
      retry: false,
      preRequest: [digest(credentials)],
      nonce: () => theirs.cnonce ?? 'none',
    })
    expect((await client.send({ method: 'GET', url: `${ours.url}/a/b?c=d%20e` })).status).toBe(200)
    expect(parametersOf(ours.received.at(-1)?.headers.authorization)).toEqual(theirs)
  }
})

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** Starts a web server of the machine on loopback with a file of hashed passwords, and waits until it answers. */
async function startProgram(
  program: string,
  parameters: (configuration: string) => string[],
  configuration: (folder: string, port: number) => string,
  passwords: string,
): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'ez-digest-'))
  // The server reads it as a user of its own.
  chmodSync(folder, 0o755)
  const port = await freePort()
  writeFileSync(join(folder, 'passwords'), passwords)
  writeFileSync(join(folder, 'index.html'), 'found\n')
  writeFileSync(join(folder, 'configuration'), configuration(folder, port))
  const child = spawn(program, parameters(join(folder, 'configuration')), {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let errors = ''
  child.stderr.on('data', (text) => {
    errors += text
  })
  onTestFinished(async () => {
    const ended = new Promise((resolve) => child.once('exit', resolve))
    if (child.exitCode === null && child.kill('SIGTERM')) await ended
    rmSync(folder, { recursive: true, force: true })
  })
  for (let times = 0; times < 100; times += 1) {
    if (await fetch(`http://127.0.0.1:${port}/`).catch(() => undefined)) return `http://127.0.0.1:${port}`
    if (child.exitCode !== null) break
    await sleep(50)
  }
  throw new Error(`${program} does not answer: ${errors}`)
}

async function expectAccess(url: string): Promise<void> {
  const client = createClient({ retry: false, preRequest: [digest(credentials)] })
  const seen = []
  for (const path of ['/index.html', '/index.html?a=b%20c', '/']) {
    const response = await client.send({ method: 'GET', url: `${url}${path}` })
    seen.push([attemptsOf(response).length, response.status])
    await response.text()
  }
  expect(seen).toEqual([
    [2, 200],
    [1, 200],
    [1, 200],
  ])
  const wrong = createClient({
    retry: false,
    preRequest: [digest({ ...credentials, password: 'wrong-password' })],
  })
  expect((await wrong.send({ method: 'GET', url: `${url}/` })).status).toBe(401)
}

const hashed = (algorithm: string): string =>
  createHash(algorithm).update(`shop:r:${credentials.password}`).digest('hex')

const apacheModules = '/usr/lib/apache2/modules'
const apache = '/usr/sbin/apache2'

test.skipIf(!existsSync(apache))(
  "Apache's mod_auth_digest lets it in, and takes its nonce again",
  async () => {
    const modules = [
      'mpm_event',
      'authn_core',
      'authn_file',
      'authz_core',
      'authz_user',
      'auth_digest',
      'dir',
    ]
    const url = await startProgram(
      apache,
      (file) => ['-X', '-f', file],
      (folder, port) => `ServerRoot ${folder}
ServerName localhost
PidFile ${folder}/pid
ErrorLog ${folder}/errors
Mutex file:${folder} default
DefaultRuntimeDir ${folder}
Listen 127.0.0.1:${port}
${modules.map((name) => `LoadModule ${name}_module ${apacheModules}/mod_${name}.so`).join('\n')}
${process.getuid?.() === 0 ? 'User www-data\nGroup www-data' : ''}
DocumentRoot ${folder}
DirectoryIndex index.html
<Location />
  AuthType Digest
  AuthName r
  AuthUserFile ${folder}/passwords
  Require valid-user
</Location>
`,
      `shop:r:${hashed('md5')}\n`,
    )
    await expectAccess(url)
  },
)

const lighttpd = '/usr/sbin/lighttpd'

test.skipIf(!existsSync(lighttpd))("lighttpd's mod_auth lets it in with SHA-256", async () => {
  const url = await startProgram(
    lighttpd,
    (file) => ['-D', '-f', file],
    (folder, port) => `server.document-root = "${folder}"
server.bind = "127.0.0.1"
server.port = ${port}
server.modules = ("mod_auth", "mod_authn_file")
index-file.names = ("index.html")
auth.backend = "htdigest"
auth.backend.htdigest.userfile = "${folder}/passwords"
auth.require = ("/" => ("method" => "digest", "realm" => "r", "algorithm" => "SHA-256", "require" => "valid-user"))
`,
    `shop:r:${hashed('sha256')}\n`,
  )
  await expectAccess(url)
})
