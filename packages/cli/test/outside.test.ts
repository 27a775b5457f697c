import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ez, folder } from './support/ez.ts'
import { type LoopbackServer, listen } from './support/server.ts'

let server: LoopbackServer

beforeAll(async () => {
  server = await listen(({ headers, path }, response) => {
    response.setHeader('x-echo', headers['x-app-key'] ?? '')
    response.end(JSON.stringify({ path, key: headers['x-app-key'] }))
  })
})
afterAll(() => server.close())

describe('expectations', () => {
  const file = `method: GET
url: {{url}}/orders/{{id}}
headers: { x-app-key: '{{app_key}}' }
expect: { json: { path: '/orders/{{id}}', key: '{{expected_token}}' }, headers: { x-echo: other } }
`

  it('never tell a secret that the server sent back, nor one that was expected', async () => {
    const cwd = folder({ 'in.yaml': file.replace('{{url}}', server.url) })
    const secrets = ['--var', 'app_key=planted-one', '--var', 'expected_token=planted-two']
    for (const reporter of ['human', 'json', 'junit']) {
      const { code, stdout, stderr } = await ez(
        ['run', 'in.yaml', '--var', 'id=1', ...secrets, '--reporter', reporter],
        { cwd },
      )
      expect(code).toBe(1)
      expect(stdout).toContain('x-echo')
      expect(stdout + stderr).not.toContain('planted')
    }
  })

  it('take variables, of rows too, and miss them before anything is sent', async () => {
    const cwd = folder({
      'in.yaml': `method: GET\nurl: ${server.url}/orders/{{id}}\nexpect: { json: { path: '/orders/{{id}}' }, text: '{{part}}' }\n`,
      'rows.csv': 'id,part\n1,orders\n2,nothing\n',
    })
    const { code, stdout } = await ez(['run', 'in.yaml', '--data', 'rows.csv'], { cwd })
    expect([code, stdout]).toEqual([1, expect.stringContaining('2 rows: 1 ok, 1 refused')])
    const before = server.received.length
    const missing = await ez(['run', 'in.yaml', '--var', 'id=1'], { cwd })
    expect([missing.code, missing.stdout]).toEqual([
      2,
      expect.stringContaining('in.yaml:3:52: {{part}} has no value'),
    ])
    expect(server.received).toHaveLength(before)
  })
})

describe('secrets', () => {
  it('are never shown as numbers either, and stay numbers', async () => {
    const cwd = folder({
      'in.yaml': `method: POST
url: https://api.example.com/
headers: { x-pin: '{{pin}}' }
body: { json: { pin: '{{pin}}', token: '{{account.api_token}}', long: '{{long_key}}' } }
variables: { pin: 73194628, account: { api_token: 5512349876 }, long_key: 12345678901234567890 }
secrets: [pin]
`,
      'rows.ndjson': '{"pin":99887766}\n',
    })
    for (const args of [
      ['explain', 'in.yaml'],
      ['explain', 'in.yaml', '--json'],
      ['sign', 'in.yaml', '--mask'],
      ['sign', 'in.yaml', '--mask', '--format', 'json'],
    ]) {
      const { code, stdout } = await ez(args, { cwd })
      expect([code, stdout.includes('***')]).toEqual([0, true])
      expect(stdout).not.toMatch(/73194628|5512349876|12345678901234567890/)
    }
    const { stdout } = await ez(['sign', 'in.yaml'], { cwd })
    expect(stdout).toContain('{"pin":73194628,"token":5512349876,"long":12345678901234567890}')
    const row = await ez(
      ['run', 'in.yaml', '--data', 'rows.ndjson', '--json', '--retries', '0', '--save', 'saved'],
      { cwd },
    )
    expect(row.stdout + row.stderr).not.toContain('99887766')
  })

  it('are not the identifiers that name a key', async () => {
    const cwd = folder({
      'in.yaml': `method: GET
url: https://1234567.suitetalk.api.netsuite.com/
preRequest:
  - use: '@ez/netsuite-oauth1'
    with: { accountId: '1234567', consumerKey: '{{ck}}', consumerSecret: '{{cs}}', tokenId: '{{tk}}', tokenSecret: '{{ts}}' }
variables: { ck: consumer-key-1, cs: planted-one, tk: token-id-1, ts: planted-two }
`,
    })
    const { stdout } = await ez(['explain', 'in.yaml'], { cwd })
    expect(stdout).toContain('oauth_consumer_key=consumer-key-1')
    expect(stdout).toContain('oauth_token=token-id-1')
    expect(stdout).not.toContain('planted')
  })

  it.each([
    ['{ file: ./none }', 'there is no such file'],
    ['{ file: ../up }', 'is not allowed'],
    ['{ file: 5 }', 'must be a text'],
    ['{ command: "exit 3" }', 'is not allowed'],
    ['{ stdin: true }', 'nothing came'],
  ])('that cannot be had are told with their line: %s', async (source, why) => {
    const start = "method: GET\nurl: https://a.example/\nheaders: { a: '{{k}}' }\n"
    const inFile = await ez(['sign', 'in.yaml'], {
      cwd: folder({ 'in.yaml': `${start}variables: { k: ${source} }\n` }),
    })
    expect([inFile.code, inFile.stderr]).toEqual([2, expect.stringContaining('error: in.yaml:4:17: ')])
    expect(inFile.stderr).toContain(why)
    const beside = folder({ 'in.yaml': start, 'ez.env.yaml': `k: ${source}\n` })
    expect((await ez(['sign', 'in.yaml'], { cwd: beside })).stderr).toContain('error: ez.env.yaml:1:4: ')
  })
})

describe('what is to be written', () => {
  it.each([
    [['--output', 'none/a.txt'], 'there is no folder'],
    [['--output', '.'], 'it is a directory'],
    [['--json', '--report-file', 'none/a.json'], 'there is no folder'],
    [['--save', 'in.yaml'], 'a file stands where a folder is needed'],
    [['--data', 'rows.csv', '--out', 'none/a.ndjson'], 'there is no folder'],
    [['--data', 'rows.csv', '--out', '.'], 'it is a directory'],
  ])('is refused before anything is sent: %j', async (flags, why) => {
    const cwd = folder({ 'in.yaml': `method: POST\nurl: ${server.url}/\n`, 'rows.csv': 'a\n1\n' })
    const before = server.received.length
    const { code, stderr } = await ez(['run', 'in.yaml', ...flags], { cwd })
    expect([code, stderr]).toEqual([2, expect.stringContaining(why)])
    expect(server.received).toHaveLength(before)
  })

  it.runIf(existsSync('/dev/full'))('says so when standard output is full', async () => {
    const cwd = folder({ 'in.yaml': `method: GET\nurl: ${server.url}/\n` })
    const { spawnSync } = await import('node:child_process')
    const { bin } = await import('./support/ez.ts')
    const { status, stderr } = spawnSync(
      '/bin/sh',
      ['-c', `"${process.execPath}" "${bin}" sign in.yaml > /dev/full`],
      {
        cwd,
        encoding: 'utf8',
      },
    )
    expect([status, stderr]).toEqual([1, 'error: standard output cannot be written: ENOSPC.\n'])
  })
})

describe('places of errors', () => {
  const start = 'method: POST\nurl: https://api.example.com/\n'
  it.each([
    ['extends: ./none.yaml', '3:10', 'there is no such file'],
    ['extends: [./none.yaml]', '3:11', 'there is no such file'],
    ['extends: ../up.yaml', '3:10', 'is not allowed'],
    ['body: { file: none.bin }', '3:15', 'there is no such file'],
    ['body: { stream: . }', '3:17', 'it is a directory'],
    ['body: { multipart: [{ name: a, file: none.bin }] }', '3:38', 'there is no such file'],
    ['preRequest: [{ use: "@ez/none" }]', '3:21', 'npm install @ez/none'],
    ['preRequest: [{ use: ./none.js }]', '3:21', 'is not the name of a package'],
    ['preRequest: [{ script: ../up.js }]', '3:24', 'is not allowed'],
  ])('%s', async (line, place, message) => {
    const cwd = folder({ 'in.yaml': `${start}${line}\n` })
    const { code, stderr } = await ez(['sign', 'in.yaml'], { cwd })
    expect([code, stderr]).toEqual([2, expect.stringContaining(`in.yaml:${place}: `)])
    expect(stderr).toContain(message)
  })

  it('show the part of a long line that they are about, credentials hidden', async () => {
    const filler = 'x'.repeat(300)
    const cwd = folder({
      'in.json': `{"method":"GET","url":"https://api.example.com/${filler}","headers":{"a":"${filler}","api_token":"planted-one","b":5,"c":"${filler}"}}`,
    })
    const { stderr } = await ez(['sign', 'in.json'], { cwd })
    const [, excerpt = '', mark = ''] = stderr.split('\n')
    expect(excerpt.length).toBeLessThan(125)
    expect(excerpt.slice(mark.indexOf('^') - 4)).toMatch(/^"b":5,/)
    expect(stderr).not.toContain('planted')
  })

  it('of a file that is extended are told by its name as seen from here', async () => {
    const cwd = folder({ 'sub/in.yaml': `${start}extends: ./base.yaml\n`, 'sub/base.yaml': 'methd: GET\n' })
    const { stderr } = await ez(['sign', 'sub/in.yaml'], { cwd })
    expect(stderr).toContain(`error: ${join('sub', 'base.yaml')}:1:1: unknown key "methd"`)
  })
})

describe('input that is nearly right', () => {
  it('refuses a day that no month has', async () => {
    const cwd = folder({ 'in.yaml': 'method: GET\nurl: https://api.example.com/\n' })
    for (const at of ['2026-02-30', '2026-02-29T00:00:00Z', '2026-13-01'])
      expect((await ez(['sign', 'in.yaml', '--at', at], { cwd })).code).toBe(2)
    expect((await ez(['sign', 'in.yaml', '--at', '2028-02-29T23:00:00-05:00'], { cwd })).code).toBe(0)
  })

  it('refuses a port that there is not, and rules without a rule', async () => {
    const cwd = folder({ 'rules.yaml': 'rules: []\n' })
    const port = await ez(['proxy', 'rules.yaml', '--port', '99999'], { cwd })
    expect([port.code, port.stderr]).toEqual([2, expect.stringContaining('at most 65535')])
    const rules = await ez(['proxy', 'rules.yaml'], { cwd })
    expect([rules.code, rules.stderr]).toEqual([2, expect.stringContaining('"rules" needs at least 1 item.')])
  })

  it('does not take files of variables for requests', async () => {
    const files = { 'a.yaml': 'method: GET\nurl: https://{{host}}/\n', 'ez.env.yaml': 'host: a.example\n' }
    const cwd = folder({ ...files, 'ez.env.staging.yml': 'host: b.example\n' })
    const all = await ez(['lint', 'a.yaml', 'ez.env.staging.yml', 'ez.env.yaml'], { cwd })
    expect([all.code, all.stdout]).toEqual([0, '1 request, nothing wrong\n'])
    const alone = await ez(['lint', 'ez.env.yaml'], { cwd })
    expect([alone.code, alone.stdout]).toEqual([2, expect.stringContaining('a file of variables')])
  })

  it('keeps cells of a broken file of rows to itself', async () => {
    const cwd = folder({
      'in.yaml': 'method: GET\nurl: https://a.example/\n',
      'rows.csv': 'password,b\nplanted"x,1\n',
    })
    const { code, stderr } = await ez(['run', 'in.yaml', '--data', 'rows.csv'], { cwd })
    expect([code, stderr]).toEqual([2, expect.stringContaining('line 2')])
    expect(stderr).not.toContain('planted')
  })
})
