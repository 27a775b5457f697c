import { describe, expect, it } from 'vitest'
import { ez, folder } from './support/ez.ts'
import { countingProvider } from './support/provider.ts'

const file =
  "method: GET\nurl: https://api.example.com/\nheaders: { x-value: '{{value}}' }\nvariables: { value: file }\n"

async function headerFor(
  cwd: string,
  args: readonly string[] = [],
  env: Record<string, string> = {},
  input?: string,
): Promise<unknown> {
  const { stdout, stderr } = await ez(['sign', 'in.yaml', '--json', ...args], {
    cwd,
    env,
    ...(input !== undefined && { input }),
  })
  expect(stderr).toBe('')
  return (JSON.parse(stdout) as { headers: [string, string][] }).headers[0]?.[1]
}

describe('variables', () => {
  it('come from many places, the later winning', async () => {
    const files = { 'in.yaml': file }
    expect(await headerFor(folder(files))).toBe('file')
    const all = {
      ...files,
      'ez.env.yaml': 'value: base\n',
      '.env': 'value=dotenv\n',
      'ez.env.staging.yaml': 'value: staging\n',
      'other.env': 'value=envfile\n',
      'vars.json': '{ "value": "vars" }',
    }
    const cwd = folder(all)
    expect(await headerFor(folder({ ...files, 'ez.env.yaml': 'value: base\n' }))).toBe('base')
    expect(await headerFor(cwd)).toBe('dotenv')
    expect(await headerFor(cwd, ['--env', 'staging'])).toBe('staging')
    expect(await headerFor(cwd, ['--env', 'staging', '--env-file', 'other.env'])).toBe('envfile')
    expect(await headerFor(cwd, ['--env-file', 'other.env'], { EZ_VAR_value: 'process' })).toBe('process')
    expect(await headerFor(cwd, ['--vars', 'vars.json'], { EZ_VAR_VALUE: 'process' })).toBe('vars')
    expect(await headerFor(cwd, ['--vars', 'vars.json', '--var', 'value=flag'])).toBe('flag')
    expect(await headerFor(cwd, ['--var', 'value=a=b:=c'])).toBe('a=b:=c')
  })

  it('refer to each other, and keep their type', async () => {
    const cwd = folder({
      'in.yaml':
        "method: POST\nurl: https://{{host}}/\nbody: { json: '{{body}}' }\nvariables: { stage: eu, host: '{{stage}}.example.com' }\n",
    })
    const { stdout } = await ez(['sign', 'in.yaml', '--json', '--var', 'body:={"a":[1,true,null]}'], { cwd })
    expect(JSON.parse(stdout)).toMatchObject({
      url: 'https://eu.example.com/',
      body: { data: '{"a":[1,true,null]}' },
    })
  })
})

describe('secrets', () => {
  const secretFile = (source: string): string => file.replace('value: file', `value: ${source}`)

  it('come from files, commands, the environment and standard input', async () => {
    expect(
      await headerFor(folder({ 'in.yaml': secretFile('{ file: ./key.txt }'), 'key.txt': 'from-file\n' })),
    ).toBe('from-file')
    expect(
      await headerFor(folder({ 'in.yaml': secretFile('{ command: echo from-command }') }), [
        '--allow',
        'command',
      ]),
    ).toBe('from-command')
    expect(
      await headerFor(folder({ 'in.yaml': secretFile('{ env: SOME_KEY }') }), ['--allow', 'env'], {
        SOME_KEY: 'from-env',
      }),
    ).toBe('from-env')
    expect(
      await headerFor(folder({ 'in.yaml': secretFile('{ stdin: true }') }), [], {}, 'from-stdin\n'),
    ).toBe('from-stdin')
    expect(await headerFor(folder({ 'in.yaml': file }), ['--secret-stdin', 'value'], {}, 'from-flag\n')).toBe(
      'from-flag',
    )
    expect(await headerFor(folder({ 'in.yaml': secretFile('{ secret: written }') }))).toBe('written')
    expect(await headerFor(folder({ 'in.yaml': secretFile('{ value: plain }') }))).toBe('plain')
  })

  it('are granted by the user’s own configuration, for a folder', async () => {
    const cwd = folder({ 'in.yaml': secretFile('{ command: echo from-command }') })
    const config = folder({ 'config.yaml': `folders: { ${JSON.stringify(cwd)}: [command] }\n` })
    expect(await headerFor(cwd, [], { EZ_CONFIG: `${config}/config.yaml` })).toBe('from-command')
    const other = folder({ 'in.yaml': secretFile('{ command: echo from-command }') })
    expect(
      (await ez(['sign', 'in.yaml'], { cwd: other, env: { EZ_CONFIG: `${config}/config.yaml` } })).code,
    ).toBe(2)
  })

  it('a command that fails says so without its output', async () => {
    const cwd = folder({ 'in.yaml': secretFile('{ command: "printf half-%s a-secret; exit 3" }') })
    const { code, stderr } = await ez(['sign', 'in.yaml', '--allow', 'command'], { cwd })
    expect(stderr).toContain('ended with 3')
    expect(stderr.replace(/the command ".*?"/, '')).not.toContain('half-a-secret')
    expect(code).toBe(2)
  })

  it('are never printed: marked, named like one, or in a list', async () => {
    const cwd = folder({
      'in.yaml':
        "method: GET\nurl: https://api.example.com/\nsecrets: [listed]\nheaders: { x-a: '{{marked}}', x-b: '{{client_secret}}', x-c: '{{listed}}' }\nvariables: { marked: { secret: marked-value-1 } }\n",
    })
    const given = ['--var', 'client_secret=named-value-2', '--var', 'listed=listed-value-3']
    for (const command of [
      ['explain', 'in.yaml'],
      ['explain', 'in.yaml', '--json'],
      ['sign', 'in.yaml', '--mask'],
      ['run', 'in.yaml', '--timeout', '1'],
    ]) {
      const { stdout, stderr } = await ez([...command, ...given], { cwd })
      expect(stdout + stderr).not.toMatch(/marked-value-1|named-value-2|listed-value-3/)
    }
  })

  it('stay hidden when only an option holds them, whatever its name', async () => {
    const cwd = folder({
      ...countingProvider,
      'in.yaml':
        "method: GET\nurl: https://api.example.com/?k=odd-secret-7\nsecrets: [odd]\npreRequest:\n  - use: '@ez/netsuite-oauth1/oauth1'\n    with: { consumerKey: ck, consumerSecret: cs, token: t, tokenSecret: ts, realm: '{{odd}}' }\n",
    })
    const { stdout, code } = await ez(['explain', 'in.yaml', '--var', 'odd=odd-secret-7'], { cwd })
    expect(code).toBe(0)
    expect(stdout).not.toContain('odd-secret-7')
  })

  it('are found by name inside of maps, and in rows', async () => {
    const cwd = folder({
      'in.yaml':
        "method: GET\nurl: 'https://api.example.com/{{id}}'\nheaders: { x-a: '{{aws.secretKey}}', x-b: '{{aws.TOKEN}}', x-c: '{{list.inner}}', x-d: '{{monkey}} {{token_url}}' }\nsecrets: [list.inner]\n",
      'vars.yaml':
        'aws: { secretKey: nested-value-1, TOKEN: nested-value-2 }\nlist: { inner: nested-value-3 }\nmonkey: open-value-1\ntoken_url: open-value-2\nid: 1\n',
      'row.yaml': "method: GET\nurl: 'http://127.0.0.1:1/{{api_key}}'\n",
      'rows.json': '[{ "api_key": "row-value-7" }]',
    })
    const { stdout } = await ez(['explain', 'in.yaml', '--vars', 'vars.yaml'], { cwd })
    expect(stdout).not.toContain('nested-value')
    expect(stdout).toContain('open-value-1 open-value-2')
    const rows = await ez(
      ['run', 'row.yaml', '--data', 'rows.json', '--retries', '0', '--out', 'out.ndjson'],
      { cwd },
    )
    expect(rows.stdout).toContain('http://127.0.0.1:1/***')
    expect(rows.stdout + rows.stderr).not.toContain('row-value-7')
  })

  it('of options stay hidden in the trace and in errors', async () => {
    const cwd = folder({
      'in.yaml':
        "method: GET\nurl: https://api.example.com/?k={{plain}}\npreRequest:\n  - use: '@ez/netsuite-oauth1/oauth1'\n    with: { consumerKey: ck, consumerSecret: '{{plain}}', token: t, tokenSecret: ts }\n",
    })
    const { stdout, code } = await ez(['explain', 'in.yaml', '--var', 'plain=plain-value-4'], { cwd })
    expect(code).toBe(0)
    expect(stdout).not.toContain('plain-value-4')
  })
})

describe('reuse', () => {
  it('extends other files, with headers matched without case', async () => {
    const cwd = folder({
      'base.yaml': 'headers: { X-App: base, X-Other: other }\nvariables: { value: inherited }\n',
      'in.yaml':
        'extends: ./base.yaml\nmethod: GET\nurl: https://api.example.com/{{value}}\nheaders: { x-app: own }\n',
    })
    const { stdout } = await ez(['sign', 'in.yaml', '--json'], { cwd })
    expect(JSON.parse(stdout)).toMatchObject({
      url: 'https://api.example.com/inherited',
      headers: [
        ['x-other', 'other'],
        ['x-app', 'own'],
      ],
    })
  })

  it('holds several requests with shared defaults', async () => {
    const cwd = folder({
      'in.yaml':
        'defaults: { method: GET, headers: { x-app: shared } }\nrequests:\n  - { name: one, url: https://api.example.com/1 }\n  - { name: two, url: https://api.example.com/2, method: POST }\n',
    })
    const { stdout } = await ez(['sign', 'in.yaml#two', '--json'], { cwd })
    expect(JSON.parse(stdout)).toMatchObject({
      method: 'POST',
      url: 'https://api.example.com/2',
      headers: [['x-app', 'shared']],
    })
    expect((await ez(['sign', 'in.yaml'], { cwd })).stderr).toContain(
      'it holds 2 requests. Name one after "#": in.yaml#one',
    )
    expect((await ez(['sign', 'in.yaml#tow'], { cwd })).stderr).toContain('Did you mean "two"?')
  })
})
