import { spawn } from 'node:child_process'
import { createHmac } from 'node:crypto'
import { cp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Declared } from '../../../turbo/generators/declared.ts'
import { problemOf, schemes, writePackage } from '../../../turbo/generators/provider-package.ts'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const templates = join(root, 'turbo/generators/templates')
// Below this package, so that what it depends on is found.
const folder = fileURLToPath(new URL('../dist/generated/', import.meta.url))

const payDescription = `# yaml-language-server: $schema=https://unpkg.com/@ez/signature/schema/description.json
id: pay
source: https://developer.pay.example/signing
options: { apiKey: credential, apiSecret: { kind: secret, about: "It's shown once" }, window: { default: 5000 } }
time: { timestamp: unix-ms }
stages: { text: '{timestamp}{window}{method}{target}{body}' }
signature: { hmac: sha256, key: apiSecret, of: text, as: hex }
writes:
  headers: { x-api-key: '{apiKey}', x-timestamp: '{timestamp}', x-window: '{window}', x-signature: '{signature}' }
`
const payText = '17684805600005000POST/orders?b=2{"id":1}'
const paySignature = createHmac('sha256', 'example-secret').update(payText).digest('hex')
const payVectors = [
  {
    title: 'an order',
    source: 'worked out apart with node:crypto',
    context: { now: '2026-01-15T12:36:00.000Z' },
    options: { apiKey: 'example-key', apiSecret: 'example-secret' },
    request: {
      method: 'POST',
      url: 'https://api.pay.example/orders?b=2',
      headers: [['content-type', 'application/json']],
      body: { encoding: 'utf8', data: '{"id":1}' },
    },
    stages: { text: payText, signature: paySignature },
    expected: {
      headers: {
        'x-api-key': 'example-key',
        'x-timestamp': '1768480560000',
        'x-window': '5000',
        'x-signature': paySignature,
      },
      query: [],
    },
  },
]

function run(command: string, parameters: string[], cwd: string): Promise<string> {
  return new Promise((resolve) => {
    const { NODE_OPTIONS: _options, VITEST: _vitest, ...env } = process.env
    const path = `${join(root, 'node_modules/.bin')}:${env.PATH}`
    const child = spawn(command, parameters, { cwd, env: { ...env, PATH: path, NO_COLOR: '1' } })
    let output = ''
    child.stdout.on('data', (data) => {
      output += data
    })
    child.stderr.on('data', (data) => {
      output += data
    })
    child.on('close', (code) => resolve(code === 0 ? 'ok' : `${command}: exit code ${code}\n${output}`))
  })
}

beforeAll(async () => {
  await rm(folder, { recursive: true, force: true })
  await cp(join(root, 'tsconfig.base.json'), join(folder, 'tsconfig.base.json'))
  // Where the build of every package lies. On Windows a junction needs no rights.
  await symlink(join(root, '.ci'), join(folder, '.ci'), 'junction')
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** For the scheme "declared" a description and vectors, as an author has them. */
async function declaredFor(scheme: string): Promise<Declared | undefined> {
  if (scheme !== 'declared') return undefined
  const files = { description: join(folder, 'pay.yaml'), vectors: join(folder, 'vectors.json') }
  await writeFile(files.description, payDescription)
  await writeFile(files.vectors, JSON.stringify(payVectors))
  return files
}

describe.concurrent('a generated package', () => {
  // One id holds a name of the templates, one digits.
  it.each(
    schemes.map(
      (scheme, index) => [['acme', 'my-example-scheme', 'x2-3', 'acme', 'acme'][index], scheme] as const,
    ),
  )('%s-%s builds, and passes type check, tests and structure check', async (name, scheme) => {
    const target = join(folder, 'packages', `${name}-${scheme}`)
    await writePackage(templates, target, `${name}-${scheme}`, scheme, await declaredFor(scheme))
    for (const [command, parameters] of [
      ['tsup', []],
      ['tsc', ['-p', 'tsconfig.json']],
      ['vitest', ['run']],
      ['node', [join(root, '.ci/checks/structure.mjs'), target]],
    ] as const)
      expect(await run(command, [...parameters], target)).toBe('ok')
  })
})

describe('the structure check', () => {
  const target = join(folder, 'structure', 'acme-hmac')
  const edit = async (file: string, change: (text: string) => string): Promise<void> =>
    writeFile(join(target, file), change(await readFile(join(target, file), 'utf8')))

  it.each<[string, () => Promise<void>, string]>([
    [
      'another provider',
      () => edit('src/signature.ts', (text) => `import '@ez/cosmos-auth'\n${text}`),
      'src/signature.ts imports @ez/cosmos-auth',
    ],
    [
      'another provider by its sources',
      () => edit('src/signature.ts', (text) => `import "../../cosmos-auth/src/index.ts"\n${text}`),
      'out of its package',
    ],
    [
      'an import that package.json does not name',
      () => edit('src/signature.ts', (text) => `import 'jose'\n${text}`),
      'which package.json does not name',
    ],
    [
      'a module of Node',
      () => edit('src/signature.ts', (text) => `import 'node:crypto'\n${text}`),
      'which is not everywhere',
    ],
    [
      'another provider as a peer',
      () =>
        edit('package.json', (text) =>
          text.replace('"peerDependencies": {', '"peerDependencies": { "@ez/cosmos-auth": "*",'),
        ),
      'it depends on @ez/cosmos-auth',
    ],
    [
      'a package without the keyword of providers',
      () => edit('package.json', (text) => text.replace('"ez-provider", ', '')),
      'a provider has the keyword ez-provider',
    ],
    ['no signer', () => rm(join(target, 'src/signer.ts')), 'src/signer.ts is missing'],
    [
      'a dependency',
      () => edit('package.json', (text) => text.replace('{', '{ "dependencies": { "left-pad": "1.0.0" },')),
      'it depends on left-pad',
    ],
    [
      'a default export',
      () => edit('src/signature.ts', (text) => `${text}\nexport default 1\n`),
      'src/signature.ts: named exports only',
    ],
    [
      'a default export by its name',
      () => edit('src/signature.ts', (text) => `${text}\nexport { createSignature as default }\n`),
      'src/signature.ts: named exports only',
    ],
    [
      'an export of everything',
      () => edit('src/index.ts', (text) => `${text}\nexport * from './signature.ts'\n`),
      'src/index.ts: named exports only',
    ],
    [
      'no limits in the README',
      () => edit('README.md', (text) => text.replace('**Limits.**', '')),
      'README.md lacks limits',
    ],
    ['no verifier', () => rm(join(target, 'src/verify/verify.ts')), 'src/verify/verify.ts is missing'],
    [
      'a verifier that does not say what it covers',
      () => edit('src/verify/options.ts', (text) => text.replaceAll('Covers', 'Something')),
      'the result says what it covers',
    ],
    [
      'a verifier with a word of its own for the stages',
      () => edit('src/verify/verify.ts', (text) => text.replaceAll(/\bstages\b/g, 'steps')),
      'EZ_SIGNATURE_MISMATCH carries details: { stages }',
    ],
    [
      'a vector without a source',
      () => edit('vectors/generated.json', (text) => text.replace(/"source": ".*?"/, '"source": ""')),
      'source must be a text',
    ],
    [
      'a package that the front page does not name',
      () => edit('package.json', (text) => text.replace('"private": true,', '')),
      'does not name it in its table of packages',
    ],
    [
      "the generator's vectors in a package that would be released",
      () => edit('package.json', (text) => text.replace('"private": true,', '')),
      "is the generator's",
    ],
    [
      'a test without describeSigner',
      () => edit('test/signer.test.ts', (text) => text.replace(/^describeSigner\(/m, '// describeSigner(')),
      'no test calls describeSigner',
    ],
    [
      'a test without describeVerifier',
      () => edit('test/signer.test.ts', (text) => text.replaceAll('describeVerifier', 'describeOther')),
      'no test calls describeVerifier',
    ],
  ])('refuses %s', async (_, change, problem) => {
    await rm(target, { recursive: true, force: true })
    await writePackage(templates, target, 'acme-hmac', 'hmac-header')
    await change()
    const output = await run('node', [join(root, '.ci/checks/structure.mjs'), target], root)
    expect(output).toContain('exit code 1')
    expect(output).toContain(problem)
  })
})

describe('an id', () => {
  it.each(['', 'Acme', 'acme_hmac', '../acme', 'acme-', '9acme'])('"%s" is refused', async (id) => {
    await expect(writePackage(templates, join(folder, 'x'), id, 'token')).rejects.toThrow(/is no id/)
  })

  it.each([
    ['class', 'token'],
    ['await', 'oauth1'],
    ['provider', 'hmac-query'],
    ['credentials', 'hmac-header'],
  ])('"%s" is refused: its factory would have the name of something else', async (id, scheme) => {
    const problem = await problemOf(templates, join(folder, 'x'), id, scheme)
    expect(problem).toMatch(/means something else already\. Add a word/)
    expect(await problemOf(templates, join(folder, 'x'), `${id}-api`, scheme)).toBeUndefined()
    await expect(writePackage(templates, join(folder, 'x'), id, scheme)).rejects.toThrow(problem)
  })

  it('of a declared package has its description and vectors, and no other has', async () => {
    const target = join(folder, 'x')
    await expect(writePackage(templates, target, 'acme', 'declared')).rejects.toThrow(/takes a description/)
    const declared = (await declaredFor('declared')) as Declared
    await expect(writePackage(templates, target, 'acme', 'token', declared)).rejects.toThrow(/it alone/)
    const wrong = { ...declared, vectors: declared.description }
    await expect(writePackage(templates, target, 'acme', 'declared', wrong)).rejects.toThrow()
    const none = { ...declared, description: declared.vectors }
    await expect(writePackage(templates, target, 'acme', 'declared', none)).rejects.toThrow(
      /is no description/,
    )
  })

  it('must be new, and the scheme known', async () => {
    await expect(writePackage(templates, folder, 'acme', 'token')).rejects.toThrow(/exists/)
    await expect(writePackage(templates, join(folder, 'x'), 'acme', 'saml')).rejects.toThrow(
      /no scheme "saml"/,
    )
  })
})
