import { chmodSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ez, folder } from './support/ez.ts'
import { keys, orders } from './support/files.ts'

const minimal = 'method: GET\nurl: https://api.example.com/\n'
const step = (text: string): string => `${minimal}preRequest:\n  - ${text}\n`

interface Case {
  readonly title: string
  readonly content?: string | Uint8Array
  readonly args?: readonly string[]
  readonly says: readonly (string | RegExp)[]
}

const cases: readonly Case[] = [
  {
    title: 'unknown key',
    content: `${minimal}heders: { a: b }\n`,
    says: ['in.yaml:3:1: unknown key "heders". Did you mean "headers"?', '^^^^^^', 'EZ_FILE_INVALID'],
  },
  {
    title: 'wrong type',
    content: `${minimal}headers: { x-number: 5 }\n`,
    says: ['in.yaml:3:22: "headers.x-number" must be a text, and is a number. Put it in quotes: "5".'],
  },
  {
    title: 'wrong type in JSON',
    content: '{ "method": "GET",\n  "url": 7 }',
    says: ['in.yaml:2:10: "url" must be a text'],
  },
  {
    title: 'two bodies',
    content: 'method: POST\nurl: https://api.example.com/\nbody: { json: 1, text: a }\n',
    says: ['in.yaml:3:7: "body" must hold only one of json, form'],
  },
  { title: 'no url', content: 'method: GET\n', says: ['in.yaml:1:1: the request needs the key "url".'] },
  {
    title: 'missing variables, all at once',
    content: orders,
    says: [
      'in.yaml:3:7: {{base_url}} has no value',
      '{{marketplace_ids}}',
      '{{access_key}}',
      '{{secret_key}}',
    ],
  },
  {
    title: 'misspelt variable',
    content: 'method: GET\nurl: https://api.example.com/{{orderid}}\n',
    args: ['--var', 'order_id=1'],
    says: ['in.yaml:2:30: {{orderid}} has no value. Did you mean {{order_id}}?'],
  },
  {
    title: 'unclosed token',
    content: 'method: GET\nurl: https://api.example.com/{{a\n',
    says: ['EZ_TEMPLATE_INVALID', 'in.yaml:2'],
  },
  {
    title: 'missing provider',
    content: step("use: '@ez/nobody'"),
    says: ['@ez/nobody: this provider is not installed. Run: npm install @ez/nobody', 'EZ_PROVIDER_MISSING'],
  },
  {
    title: 'path as provider',
    content: step('use: ./evil.js'),
    says: ['"./evil.js" is not the name of a package', 'EZ_PROVIDER_REFUSED'],
  },
  {
    title: 'URL as provider',
    content: step('use: https://evil.example/x.js'),
    says: ['EZ_PROVIDER_REFUSED'],
  },
  { title: 'builtin as provider', content: step('use: node:fs'), says: ['EZ_PROVIDER_REFUSED'] },
  { title: 'climbing provider', content: step("use: '@ez/../evil'"), says: ['EZ_PROVIDER_REFUSED'] },
  {
    title: 'package without the keyword',
    content: step('use: yaml'),
    says: ['the package yaml is no provider', '"ez-provider"', 'EZ_PROVIDER_REFUSED'],
  },
  { title: 'unknown subpath', content: step("use: '@ez/aws-sigv4/nothing'"), says: ['has no ./nothing'] },
  {
    title: 'wrong option',
    content: step(
      "use: '@ez/aws-sigv4'\n    with: { service: s3, regoin: x, credentials: { accessKeyId: a, secretAccessKey: b } }",
    ),
    says: [
      'in.yaml:5:26: @ez/aws-sigv4: unknown key "regoin". Did you mean "region"?',
      'needs the key "region"',
      'EZ_OPTION_INVALID',
    ],
  },
  {
    title: 'empty credential',
    content: step(
      "use: '@ez/aws-sigv4'\n    with: { service: s3, region: x, credentials: { accessKeyId: a, secretAccessKey: '{{empty}}' } }",
    ),
    args: ['--var', 'empty='],
    says: ['in.yaml:5:11: aws-sigv4: secretAccessKey is required', 'EZ_CREDENTIAL_MISSING'],
  },
  {
    title: 'script outside the folder',
    content: step('script: ../../sign.py'),
    says: ['EZ_NOT_ALLOWED', '--allow outside'],
  },
  {
    title: 'extends outside the folder',
    content: `extends: ../base.yaml\n${minimal}`,
    says: ['EZ_NOT_ALLOWED', '--allow outside'],
  },
  {
    title: 'command without a grant',
    content: `${minimal}headers: { x: '{{key}}' }\nvariables: { key: { command: "echo no" } }\n`,
    says: ['EZ_NOT_ALLOWED', '--allow command'],
  },
  {
    title: 'environment without a grant',
    content: `${minimal}variables: { key: { env: HOME } }\n`,
    says: ['EZ_NOT_ALLOWED', '--allow env'],
  },
  {
    title: 'secret file outside the folder',
    content: `${minimal}variables: { key: { file: /etc/hostname } }\n`,
    says: ['EZ_NOT_ALLOWED'],
  },
  {
    title: 'network for a script without a grant',
    content: step('{ script: ./a.js, allow: { hosts: [evil.example] } }'),
    says: ['EZ_NOT_ALLOWED', '--allow network'],
  },
  { title: 'broken YAML', content: 'a: [1\nb: }\n', says: [/in\.yaml:2:1: /, 'EZ_FILE_INVALID'] },
  {
    title: 'duplicate key',
    content: `${minimal}url: https://other.example/\n`,
    says: [/in\.yaml:3:1: .*unique/],
  },
  { title: 'empty file', content: '\n', says: ['in.yaml: the file is empty'] },
  {
    title: 'binary file',
    content: new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0, 1, 2]),
    says: ['in.yaml: this is a binary file'],
  },
  {
    title: 'extends itself',
    content: `extends: ./in.yaml\n${minimal}`,
    says: ['extend each other', 'EZ_FILE_CYCLE'],
  },
  {
    title: 'bad --var',
    content: minimal,
    args: ['--var', 'novalue'],
    says: ['It must be name=value'],
  },
  {
    title: 'bad --at',
    content: minimal,
    args: ['--at', 'yesterday'],
    says: ['--at yesterday: it is no ISO instant'],
  },
  {
    title: 'no such environment',
    content: minimal,
    args: ['--env', 'staging'],
    says: ['there is no ez.env.staging.yaml'],
  },
  { title: 'unknown flag', content: minimal, args: ['--verbos'], says: ["unknown option '--verbos'"] },
]

describe('wrong input ends with exit code 2, a clear message and no stack', () => {
  for (const { title, content = '', args = [], says } of cases)
    it(title, async () => {
      const { code, stdout, stderr } = await ez(['sign', 'in.yaml', ...args], {
        cwd: folder({ 'in.yaml': content }),
      })
      for (const text of says)
        typeof text === 'string' ? expect(stderr).toContain(text) : expect(stderr).toMatch(text)
      expect(stderr).not.toMatch(/^\s+at /m)
      expect(stdout).toBe('')
      expect(code).toBe(2)
    })

  it('a directory, a missing file, a file without permission', async () => {
    const cwd = folder({ 'in.yaml': minimal })
    expect((await ez(['sign', '.'], { cwd })).stderr).toContain('it is a directory')
    expect((await ez(['sign', 'nothing.yaml'], { cwd })).stderr).toContain('there is no such file')
    chmodSync(join(cwd, 'in.yaml'), 0)
    const { code, stderr } = await ez(['sign', 'in.yaml'], { cwd })
    // The superuser may read everything.
    if (process.getuid?.() !== 0) expect(stderr).toContain('you may not read it')
    expect(code).toBe(process.getuid?.() === 0 ? 0 : 2)
  })

  it('a link that leads outside the folder is outside', async () => {
    const elsewhere = folder({ 'secret.txt': 'somebody else’s' })
    const cwd = folder({
      'in.yaml': 'method: POST\nurl: https://api.example.com/\nbody: { file: ./link/secret.txt }\n',
    })
    symlinkSync(elsewhere, join(cwd, 'link'))
    const { code, stderr } = await ez(['sign', 'in.yaml'], { cwd })
    expect(stderr).toContain('EZ_NOT_ALLOWED')
    expect(code).toBe(2)
    expect((await ez(['sign', 'in.yaml', '--allow', 'outside'], { cwd })).code).toBe(0)
  })

  it('shows no credential that is written in the line', async () => {
    const lines = [
      "variables: { api_token: 'open-secret-1', key: { secret: open-secret-2 }, key: 1 }",
      'headers: { authorization: "Bearer open-secret-3", x-number: 5 }',
      "preRequest: [{ use: '@ez/aws-sigv4', with: { service: s3, credentials: { accessKeyId: a, secretAccessKey: open-secret-4 } } }]",
    ]
    for (const line of lines) {
      const { code, stderr } = await ez(['sign', 'in.yaml'], {
        cwd: folder({ 'in.yaml': `${minimal}${line}\n` }),
      })
      expect(stderr).toContain('in.yaml:3:')
      expect(stderr).not.toContain('open-secret')
      expect(code).toBe(2)
    }
  })

  it('an unknown command names the nearest', async () => {
    const { code, stderr } = await ez(['sing'])
    expect(stderr).toContain('Did you mean sign?')
    expect(code).toBe(2)
  })

  it('shows the stack with --debug, and JSON with --json', async () => {
    const cwd = folder({ 'in.yaml': 'method: GET\n' })
    expect((await ez(['sign', 'in.yaml', '--debug'], { cwd })).stderr).toMatch(/^\s+at /m)
    const { stderr } = await ez(['sign', 'in.yaml', '--json'], { cwd })
    const { error } = JSON.parse(stderr) as { error: { code: string; details: { problems: unknown } } }
    expect(error.code).toBe('EZ_FILE_INVALID')
    expect(error.details.problems).toMatchObject([{ file: 'in.yaml', line: 1, column: 1 }])
  })

  it('lints all files, and finds what is written in the open', async () => {
    const cwd = folder({
      'good.yaml': minimal,
      'open.yaml': `${minimal}headers: { authorization: Bearer abc123456 }\n`,
      'bad.yaml': 'method: GET\n',
    })
    const { code, stdout } = await ez(['lint', 'good.yaml', 'open.yaml', 'bad.yaml'], { cwd, env: keys })
    expect(stdout).toContain('EZ_SECRET_IN_FILE')
    expect(stdout).toContain('bad.yaml:1:1')
    expect(stdout).not.toContain('abc123456')
    expect(code).toBe(2)
    expect(await ez(['lint', 'good.yaml'], { cwd })).toEqual({
      code: 0,
      stdout: '1 request, nothing wrong\n',
      stderr: '',
    })
  })

  it('lints Python scripts with their package, warnings apart', async () => {
    const files = (script: string): Record<string, string> => ({
      'in.yaml': `${minimal}preRequest:\n  - script: ./sign.py\n`,
      'sign.py': script,
    })
    const wrong = await ez(['lint', 'in.yaml'], {
      cwd: folder(files("import datetime\n\nday = datetime.datetime.now().strftime('%P')\n")),
    })
    expect(wrong.stdout).toContain('error: ./sign.py:3: ')
    expect(wrong.stdout).toContain('[EZ_SCRIPT_LINT strftime-unknown]')
    expect(wrong.code).toBe(2)
    const warned = await ez(['lint', 'in.yaml'], {
      cwd: folder(files('import random\nnonce = random.randint(1, 9)\n')),
    })
    expect(warned.stdout).toContain('warning: ./sign.py:2: ')
    expect(warned.code).toBe(0)
  })

  it('names the library of the keychain when it is not installed', async () => {
    const cwd = folder({
      'in.yaml': `${minimal}headers: { x: '{{key}}' }\nvariables: { key: { keychain: { service: s, account: a } } }\n`,
    })
    expect((await ez(['sign', 'in.yaml'], { cwd })).stderr).toContain('--allow keychain')
    const { code, stderr } = await ez(['sign', 'in.yaml', '--allow', 'keychain'], { cwd })
    expect(stderr).toContain('npm install @napi-rs/keyring')
    expect(code).toBe(2)
  })

  it('takes the library of the keychain from the folder of the request file when that is allowed', async () => {
    const cwd = folder({
      'in.yaml': `${minimal}headers: { x: '{{key}}' }\nvariables: { key: { keychain: { service: s, account: a } } }\n`,
      'node_modules/@napi-rs/keyring/package.json': '{ "name": "@napi-rs/keyring", "main": "index.js" }',
      'node_modules/@napi-rs/keyring/index.js':
        'module.exports.Entry = class { constructor(...names) { this.names = names } getPassword() { return this.names.join("-of-") } }',
    })
    const args = ['sign', 'in.yaml', '--allow', 'keychain', '--allow', 'packages']
    expect((await ez(args, { cwd })).stdout).toContain('x: s-of-a')
    expect((await ez([...args, '--mask'], { cwd })).stdout).toContain('x: ***')
  })

  it('tells wrong flags as JSON with --json', async () => {
    for (const args of [['sign'], ['sign', 'in.yaml', '--nothing'], ['nothing'], []]) {
      const { code, stdout, stderr } = await ez([...args, '--json'])
      expect([code, stdout]).toEqual([2, ''])
      expect(JSON.parse(stderr)).toMatchObject({ error: { code: 'EZ_USAGE', message: expect.any(String) } })
    }
  })

  it.each([
    ['variables: &v { a: *v }', '3:20', '*v stands inside of what it repeats'],
    ['variables: { a: !!js/function x }', '3:17', 'this tag is not known'],
    ['headers: { a: !env TOKEN }', '3:15', 'this tag is not known'],
  ])('refuses %s', async (line, place, message) => {
    const cwd = folder({ 'in.yaml': `method: GET\nurl: https://api.example.com/\n${line}\n` })
    const { code, stderr } = await ez(['sign', 'in.yaml'], { cwd })
    expect([code, stderr]).toEqual([2, expect.stringContaining(`in.yaml:${place}: ${message}`)])
  })
})
