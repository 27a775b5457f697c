import { existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ez, folder } from './support/ez.ts'

let server: Server
let base = ''
let polls = 0
let received: string[] = []
beforeEach(() => {
  polls = 0
  received = []
})
beforeAll(async () => {
  server = createServer((request, response) => {
    received.push(`${request.method} ${request.url}`)
    const json = (value: unknown, status = 200): void => {
      response.writeHead(status, { 'content-type': 'application/json', connection: 'close' })
      response.end(JSON.stringify(value))
    }
    if (request.url === '/reports') return json({ reportId: 'r1' }, 202)
    if (request.url === '/reports/r1') {
      polls += 1
      return json(polls < 3 ? { state: 'QUEUED' } : { state: 'DONE', documentId: 'd1' })
    }
    if (request.url === '/documents/d1') return json({ url: `${base}/file?sig=a%2Bb` })
    if (request.url?.startsWith('/file')) return response.end('a\tb\n')
    if (request.url === '/list') return json({ items: [{ id: 1 }, { id: 2 }, { id: 3 }] })
    if (request.url === '/items/2') return json({ error: 'no' }, 422)
    if (request.url?.startsWith('/items/')) return json({ ok: request.url })
    return json({}, 404)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => new Promise((resolve) => server.close(resolve)))

const report = (): string => `variables: { base: '${base}' }
steps:
  - id: create
    method: POST
    url: '{{base}}/reports'
    capture: { report_id: { json: '$.reportId' } }
  - id: wait
    url: '{{base}}/reports/{%report_id%}'
    repeat: { every: 20ms, atMost: 60s, until: { json: { '$.state': DONE } } }
    capture: { document_id: { json: '$.documentId' } }
  - id: document
    url: '{{base}}/documents/{%document_id%}'
    capture: { download_url: { json: '$.url', secret: true } }
  - id: download
    url: '{%download_url%}'
    preRequest: []
    output: { file: 'orders-{%today%}.tsv' }
`
const each = (): string => `variables: { base: '${base}' }
steps:
  - id: list
    url: '{{base}}/list'
    records: '$.items'
    output: { file: items.csv }
  - id: send
    url: '{{base}}/items/{{id}}'
    each: list
    output: { file: answers.ndjson }
`

describe('ez run of a flow', () => {
  it('creates, waits, looks up and downloads, and tells each step', async () => {
    const cwd = folder({ 'flow.yaml': report() })
    const { code, stdout, stderr } = await ez(['run', 'flow.yaml', '--at', '2026-03-04T05:06:07Z'], { cwd })
    expect(stderr).toBe('')
    expect(stdout.split('\n')).toEqual([
      '✓ create 202',
      '✓ wait 200 3 answers',
      '✓ document 200',
      '✓ download 200 4 bytes',
      '',
    ])
    expect(code).toBe(0)
    expect(readFileSync(join(cwd, 'orders-2026-03-04.tsv'), 'utf8')).toBe('a\tb\n')
    expect(received.at(-1)).toBe('GET /file?sig=a%2Bb')
  })

  it('goes on in the middle with what was captured, and shows each exchange where it is asked', async () => {
    const cwd = folder({ 'flow.yaml': report() })
    const { code, stdout } = await ez(
      ['run', 'flow.yaml', '--from', 'wait', '--runtime', 'report_id=r1', '-v'],
      { cwd },
    )
    expect(code).toBe(0)
    expect(received[0]).toBe('GET /reports/r1')
    expect(stdout).toContain('\n> GET /reports/r1 HTTP/1.1\n')
    expect(stdout).toContain('\n{\n  "state": "DONE",\n  "documentId": "d1"\n}\n✓ document 200\n')
    // What is captured as a secret is shown neither where it comes from nor where it goes.
    expect(stdout).toContain('\n{\n  "url": "***"\n}\n')
    expect(stdout).toContain('\n> GET *** HTTP/1.1\n')
    expect(stdout).not.toContain('sig=')
  })

  it('sends one request for each record, counts the refused ones, and prints JSON for programs', async () => {
    const cwd = folder({ 'flow.yaml': each() })
    const { code, stdout } = await ez(['run', 'flow.yaml', '--json'], { cwd })
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
    expect(lines).toMatchObject([
      { type: 'refused', step: 'send', record: { id: 2 }, error: { code: 'EZ_HTTP_STATUS' } },
      { type: 'done', step: 'list', records: 3 },
      { type: 'done', step: 'send', answers: 3, refused: 1 },
    ])
    expect(code).toBe(1)
    expect(readFileSync(join(cwd, 'items.csv'), 'utf8')).toBe('id\n1\n2\n3\n')
    expect(readFileSync(join(cwd, 'answers.ndjson'), 'utf8')).toBe('{"ok":"/items/1"}\n{"ok":"/items/3"}\n')
  })

  it('writes over no file that was there, unless with --force, and through no link', async () => {
    const cwd = folder({ 'flow.yaml': each(), 'items.csv': 'mine' })
    const refused = await ez(['run', 'flow.yaml'], { cwd })
    expect(refused.stderr).toContain('EZ_OUTPUT_PATH')
    expect(refused.code).toBe(2)
    expect(readFileSync(join(cwd, 'items.csv'), 'utf8')).toBe('mine')
    expect((await ez(['run', 'flow.yaml', '--force'], { cwd })).code).toBe(1)
    expect(readFileSync(join(cwd, 'items.csv'), 'utf8')).toContain('id\n')
    const other = folder({ 'target.csv': 'mine' })
    const linked = folder({ 'flow.yaml': each() })
    symlinkSync(join(other, 'target.csv'), join(linked, 'items.csv'))
    expect((await ez(['run', 'flow.yaml', '--force'], { cwd: linked })).stderr).toContain('is a link')
    expect(readFileSync(join(other, 'target.csv'), 'utf8')).toBe('mine')
  })

  it.each([
    ["'../{%today%}.csv'", 'leads out of its folder'],
    ["'{%today%}/../../x.csv'", 'leads out of its folder'],
    ["'{{evil}}.csv'", 'holds a separator'],
    ['con.csv', 'is no file name on Windows'],
    ['/tmp/outside.csv', 'outside its folder'],
  ])('a file that says output %s writes nothing', async (file, says) => {
    const cwd = folder({ 'flow.yaml': each().replace('items.csv', file) })
    const { code, stderr } = await ez(['run', 'flow.yaml', '--var', 'evil=a/../b'], { cwd })
    expect(stderr).toContain(says)
    expect(code).toBe(2)
    expect(existsSync('/tmp/outside.csv')).toBe(false)
  })

  it('keeps answers as files below --output', async () => {
    const cwd = folder({ 'flow.yaml': each() })
    const { stdout } = await ez(['run', 'flow.yaml', '--output', 'out'], { cwd })
    expect(stdout).toContain('answered 422.\n    answer: {"error":"no"} [EZ_HTTP_STATUS]')
    expect(readFileSync(join(cwd, 'out', 'items.csv'), 'utf8')).toContain('id')
  })

  it.each([
    ['steps beside a url', 'url: https://a.example.com/\n', '"url" does not go with "steps"'],
    [
      'steps beside requests',
      'requests: [ { name: a, method: GET, url: "https://a.example.com/" } ]\n',
      '"requests" does not go',
    ],
  ])('refuses %s', async (_title, text, says) => {
    const cwd = folder({ 'flow.yaml': text + each() })
    const { code, stderr } = await ez(['run', 'flow.yaml'], { cwd })
    expect(stderr).toContain(says)
    expect(stderr).toContain('EZ_FILE_INVALID')
    expect(code).toBe(2)
    expect(received).toHaveLength(0)
  })

  it('takes defaults and variables, and nothing else, from the file that it extends', async () => {
    const cwd = folder({
      'base.yaml': `variables: { base: '${base}' }\ndefaults: { headers: { x-a: b } }\n`,
      'flow.yaml': `extends: base.yaml\n${each().replace(/^variables.*\n/, '')}`,
    })
    const { stdout } = await ez(['sign', 'flow.yaml#list'], { cwd })
    expect(stdout).toContain('x-a: b')
  })
})

describe('ez lint of a flow', () => {
  it('finds captures that are used before they are set, set twice, or never used', async () => {
    const cwd = folder({ 'flow.yaml': report() })
    expect(await ez(['lint', 'flow.yaml'], { cwd })).toMatchObject({
      code: 0,
      stdout: '4 requests, nothing wrong\n',
    })
    writeFileSync(
      join(cwd, 'flow.yaml'),
      report()
        .replace("'{{base}}/reports'", "'{{base}}/{%document_id%}'")
        .replace('$.url', '$.other')
        .replace("'{%download_url%}'", "'{{base}}/x'"),
    )
    const { code, stdout } = await ez(['lint', 'flow.yaml'], { cwd })
    expect(stdout).toContain('{%document_id%} is used before this step captures it.')
    expect(stdout).toContain('{%download_url%} is never used.')
    expect(code).toBe(2)
  })
})
