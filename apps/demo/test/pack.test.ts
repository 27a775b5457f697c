import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'

const root = new URL('../../../', import.meta.url)
const packages = fileURLToPath(new URL('packages/', root))
const folder = mkdtempSync(join(tmpdir(), 'ez-pack-'))

// npm's own settings of the surrounding run would reach the run inside of it.
const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name)))

function run(command: string, args: readonly string[], cwd: string): string {
  return execFileSync(command, args, {
    cwd,
    encoding: 'utf8',
    env: environment,
    shell: process.platform === 'win32',
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

function pack(name: string): string {
  const { filename } = JSON.parse(
    run('pnpm', ['pack', '--json', '--pack-destination', folder], join(packages, name)),
  )
  return filename as string
}

const signing = `
import { prepare } from '@ez/core'
import { awsSigV4 } from '@ez/aws-sigv4'

const prepared = await prepare(
  {
    method: 'GET',
    url: 'https://{{host}}/',
    preRequest: [
      awsSigV4({
        service: 'service',
        region: 'us-east-1',
        credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' },
      }),
    ],
  },
  { variables: { host: 'example.amazonaws.com' }, clock: () => new Date('2015-08-30T12:36:00Z') },
)
console.log(prepared.toRequest().headers.get('authorization'))
`

beforeAll(() => {
  const tarballs = ['core', 'aws-sigv4'].map(pack)
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  run('npm', ['install', ...tarballs, '--offline', '--no-audit', '--no-fund'], folder)
  writeFileSync(join(folder, 'sign.mjs'), signing)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

it('core and one provider, packed and installed, are two packages and nothing else', () => {
  const modules = join(folder, 'node_modules')
  const installed = readdirSync(modules).filter((name) => !name.startsWith('.'))
  expect(installed).toEqual(['@ez'])
  expect(readdirSync(join(modules, '@ez')).sort()).toEqual(['aws-sigv4', 'core'])
})

it('they sign a request there', () => {
  // Signature of the official case get-vanilla (github.com/awslabs/aws-c-auth).
  expect(run(process.execPath, ['sign.mjs'], folder).trim()).toBe(
    'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, ' +
      'SignedHeaders=host;x-amz-date, ' +
      'Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31',
  )
})

it('the first example of the front page runs there under its name', () => {
  const readme = readFileSync(new URL('README.md', root), 'utf8')
  const [, code = '', name = ''] = /^```ts\n(\/\/ (\S+)\n.*?)^```/ms.exec(readme) ?? []
  // As `npm init -y` leaves a folder.
  const project = join(folder, 'project')
  mkdirSync(project)
  writeFileSync(join(project, 'package.json'), '{ "type": "commonjs" }')
  writeFileSync(join(project, name), code)
  writeFileSync(
    join(project, 'no-network.mjs'),
    'globalThis.fetch = async (request) => console.log("sent", request.url)',
  )
  const printed = run(process.execPath, ['--import', './no-network.mjs', name], project)
  expect(printed).toContain('aws-sigv4 canonical-request\nPUT\n/reports/')
  expect(printed).toContain('sent https://examplebucket.s3.eu-central-1.amazonaws.com/reports/')
})
