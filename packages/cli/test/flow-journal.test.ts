import { readFileSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ez, folder } from './support/ez.ts'
import { startVendor, type Vendor } from './support/vendor.ts'

let vendor: Vendor
beforeEach(async () => {
  vendor = await startVendor(({ url }) => {
    if (url === '/list') return { json: { items: [{ id: 1 }, { id: 2 }, { id: 3 }] } }
    return url === '/items/2' ? { status: 503, json: {} } : { json: { id: url.split('/').at(-1) } }
  })
})
afterEach(() => vendor.close())

const flow = (more = ''): string => `variables: { base: '${vendor.base}' }
steps:
  - id: list
    url: '{{base}}/list'
    records: '$.items'
  - id: send
    method: POST
    url: '{{base}}/items/{{id}}'
    each: list
    ${more}
`
const lines = (file: string): unknown[] =>
  readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown)
const sent = (): string[] => vendor.received.filter(({ method }) => method === 'POST').map(({ url }) => url)

describe('the journal of a flow with each', () => {
  it('notes what became of each record, and sends none of them again', async () => {
    const cwd = folder({
      'flow.yaml': flow(
        "concurrency: 1\n    capture: { sent: { json: '$.id' }, all: { text: true, secret: true } }",
      ),
    })
    const first = await ez(['run', 'flow.yaml', '--out', 'results.ndjson', '--keep', 'body'], { cwd })
    expect(first.code).toBe(1)
    expect(lines(join(cwd, 'results.ndjson'))).toMatchObject([
      { row: 1, verdict: 'ok', status: 200, captures: { sent: '1' }, withheld: ['all'], body: { id: '1' } },
      { row: 2, verdict: 'refused', status: 503, code: 'EZ_HTTP_STATUS' },
      { row: 3, verdict: 'ok' },
    ])
    const again = await ez(['run', 'flow.yaml', '--out', 'results.ndjson'], { cwd })
    expect(again.stderr).toContain('--resume')
    expect(again.code).toBe(2)
    vendor.received.length = 0
    const resumed = await ez(['run', 'flow.yaml', '--out', 'results.ndjson', '--resume'], { cwd })
    expect(resumed.stderr).toContain('Going on: 3')
    expect(sent()).toEqual([])
    expect(resumed.code).toBe(0)
  })

  it('goes on after a crash, with the record that was in flight named', async () => {
    const cwd = folder({ 'flow.yaml': flow('concurrency: 1') })
    const { createHash } = await import('node:crypto')
    const digest = (record: unknown): string =>
      createHash('sha256').update(JSON.stringify({ record })).digest('hex').slice(0, 16)
    const start = (row: number): string => `${JSON.stringify({ row, digest: digest({ id: row }) })}\n`
    writeFileSync(
      join(cwd, 'r.ndjson'),
      `${JSON.stringify({ row: 1, digest: digest({ id: 1 }), verdict: 'ok' })}\n`,
    )
    writeFileSync(join(cwd, 'r.ndjson.started'), start(1) + start(2))
    const { stderr } = await ez(['run', 'flow.yaml', '--out', 'r.ndjson', '--resume'], { cwd })
    expect(stderr).toContain('they may arrive a second time: row 2')
    expect(sent()).toEqual(['/items/2', '/items/3'])
  })

  it('is refused where no step has each', async () => {
    const cwd = folder({ 'flow.yaml': flow().replace('each: list', '').replace('{{id}}', '1') })
    const { code, stderr } = await ez(['run', 'flow.yaml', '--out', 'r.ndjson'], { cwd })
    expect([code, stderr]).toEqual([2, expect.stringContaining('EZ_USAGE')])
    expect(vendor.received).toEqual([])
  })
})

describe('an output', () => {
  const output = (): string => `variables: { base: '${vendor.base}' }
steps: [ { id: list, url: '{{base}}/list', records: '$.items', output: { file: items.ndjson } } ]
`
  it('replaces what an earlier run of the same flow wrote, and nobody changed since', async () => {
    const cwd = folder({ 'flow.yaml': output(), 'other.yaml': output() })
    const file = join(cwd, 'items.ndjson')
    expect((await ez(['run', 'flow.yaml'], { cwd })).code).toBe(0)
    expect((await ez(['run', 'flow.yaml'], { cwd })).code).toBe(0)
    vendor.received.length = 0
    const other = await ez(['run', 'other.yaml'], { cwd })
    expect(other.stderr).toContain('EZ_OUTPUT_PATH')
    expect(vendor.received).toEqual([])
    writeFileSync(file, 'mine')
    utimesSync(file, 1, 1)
    expect((await ez(['run', 'flow.yaml'], { cwd })).stderr).toContain('EZ_OUTPUT_PATH')
    expect(readFileSync(file, 'utf8')).toBe('mine')
  })
})

describe('conditions with tokens', () => {
  it('stand for the record, the capture and the nonce of the request that was answered', async () => {
    vendor.handle = ({ url, headers }) => {
      if (url === '/list') return { json: { batch: 'b7', items: [{ id: 1 }, { id: 2 }] } }
      return { json: { id: Number(url.split('/').at(-1)), batch: 'b7', nonce: headers['x-nonce'] } }
    }
    const text = flow(`headers: { x-nonce: '{%nonce%}' }
    expect: { json: { '$.id': '{{record.id}}', '$.batch': '{%batch%}', '$.nonce': '{%nonce%}' } }`).replace(
      "records: '$.items'",
      "records: '$.items'\n    capture: { batch: { json: '$.batch' } }",
    )
    const cwd = folder({ 'flow.yaml': text })
    // What a list's last page gives is known when the list has ended: the step stands further on.
    const apart = text.replace('  - id: send', "  - id: between\n    url: '{{base}}/list'\n  - id: send")
    const { code, stdout, stderr } = await ez(['run', 'flow.yaml'], { cwd: folder({ 'flow.yaml': apart }) })
    expect([code, stdout + stderr]).toEqual([0, expect.stringContaining('✓ send')])
    const early = await ez(['run', 'flow.yaml'], { cwd })
    expect(early.code).not.toBe(0)
    expect(sent()).toEqual(['/items/1', '/items/2'])
  })
})

describe('pagination by a script', () => {
  const pages = (script: string): string => `variables: { base: '${vendor.base}', size: 2 }
steps:
  - id: list
    url: '{{base}}/pages?from={%from%}'
    paginate: { style: script, script: ./${script}, items: '$.items', initial: { from: 0 } }
    output: { file: items.ndjson }
`
  beforeEach(() => {
    vendor.handle = ({ url }) => {
      const from = Number(new URL(url, 'http://a').searchParams.get('from'))
      return { headers: { 'x-left': String(3 - from) }, json: { items: [{ id: from }], more: from < 2 } }
    }
  })
  const javascript = `export default function next(answer) {
  if (answer.json.more) return { from: answer.records }
}
`
  const python = `def next_page(answer):
    if answer['json']['more'] and {{size}} == 2:
        return {'from': answer['records']}
`
  it.each([
    ['next.js', javascript],
    [
      'arrow.mjs',
      'export default async ({ status, json, number }) => (status === 200 && json.more ? { from: number } : null)\n',
    ],
    ['next.py', python],
  ])('reads all pages with %s', async (script, text) => {
    const cwd = folder({ 'flow.yaml': pages(script), [script]: text })
    const { code, stderr } = await ez(['run', 'flow.yaml'], { cwd })
    expect([code, stderr]).toEqual([0, ''])
    expect(lines(join(cwd, 'items.ndjson'))).toEqual([{ id: 0 }, { id: 1 }, { id: 2 }])
  })

  it.each([
    ['next.js', 'export default () => ({ from: 0 })', 'EZ_PAGE_REPEATED', 1],
    ['next.js', 'export default () => 7', 'EZ_PAGE_INVALID', 1],
    ['next.js', "export default () => { throw new Error('no') }", 'EZ_SCRIPT_FAILED', 1],
    ['next.js', 'const a = 1', 'EZ_FILE_INVALID', 2],
    ['next.py', 'def next_page(answer):\n    return open("/etc/passwd").read()\n', 'EZ_SCRIPT_FAILED', 1],
    ['next.py', 'x = 1\n', 'EZ_FILE_INVALID', 2],
  ])('%s that says %j ends the flow', async (script, text, code, exit) => {
    const cwd = folder({ 'flow.yaml': pages(script), [script]: text })
    const ended = await ez(['run', 'flow.yaml'], { cwd })
    expect([ended.code, ended.stderr]).toEqual([exit, expect.stringContaining(code)])
    if (exit === 2) expect(vendor.received).toEqual([])
  })

  it('may not lie outside the folder of the file', async () => {
    const cwd = folder({ 'a/flow.yaml': pages('../next.js'), 'next.js': javascript })
    const { code, stderr } = await ez(['run', 'a/flow.yaml'], { cwd })
    expect([code, stderr]).toEqual([2, expect.stringContaining('EZ_NOT_ALLOWED')])
  })
})
