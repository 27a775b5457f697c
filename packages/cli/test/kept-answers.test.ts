import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { types } from '../src/program/row-flags.ts'
import { type ColumnTypes, typedRow } from '../src/rows/column-types.ts'
import { Journal } from '../src/rows/journal.ts'
import { readRows } from '../src/rows/read.ts'
import { RowOutputs } from '../src/rows/row-outputs.ts'
import { ez, folder } from './support/ez.ts'
import { startVendor, type Vendor } from './support/vendor.ts'

let vendor: Vendor
const inFlight = new Map<string, number>()
let mostOfOne = 0
beforeEach(async () => {
  mostOfOne = 0
  vendor = await startVendor(async ({ body, headers }) => {
    const account = String(headers['x-account'])
    const now = (inFlight.get(account) ?? 0) + 1
    inFlight.set(account, now)
    mostOfOne = Math.max(mostOfOne, now)
    await new Promise((resolve) => setImmediate(resolve))
    inFlight.set(account, now - 1)
    const { id } = JSON.parse(body.toString('utf8')) as { readonly id: string }
    if (id === 'c') return { status: 422, json: { error: 'no' } }
    if (id === 'd') return { json: { ok: true } }
    return {
      body: `{"orderId":"o-${id}","total":12345678901234567890,"session":"s3cr3t-${id}","key":"very-secret-key"}`,
    }
  })
})
afterEach(() => vendor.close())

const order = (): string => `method: POST
url: ${vendor.base}/orders
headers: { x-key: '{{api_key}}', x-account: '{{account}}' }
body: { json: { id: '{{id}}', quantity: '{{quantity}}', urgent: '{{urgent}}' } }
rateLimit: { key: '{{account}}', concurrency: 1 }
concurrency: 6
capture:
  order: { json: '$.orderId' }
  total: { json: '$.total' }
  session: { json: '$.session', secret: true }
`
const rows = `id,quantity,urgent,account
a,3,true,x
b,1.5,,x
c,1,false,y
d,2,false,x
`
const resultsIn = (cwd: string): Record<string, unknown>[] =>
  readFileSync(join(cwd, 'results.ndjson'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
    .sort((left, right) => Number(left.row) - Number(right.row))

it('keeps what rows capture, bodies and files, sends typed columns, and holds the limit of the file', async () => {
  const cwd = folder({ 'order.yaml': order(), 'rows.csv': rows })
  const keeping = ['--data', 'rows.csv', '--out', 'results.ndjson', '--keep', 'body']
  const typed = ['--types', 'quantity:number,urgent:boolean', '--output', 'answers/{{id}}.json']
  const { code, stderr } = await ez(
    ['run', 'order.yaml', '--var', 'api_key=very-secret-key', ...keeping, ...typed],
    { cwd },
  )
  expect({ code, stderr }).toEqual({ code: 1, stderr: '' })
  const sent = vendor.received.map(({ body }) => JSON.parse(body.toString('utf8')) as { id: string })
  expect(sent.sort((left, right) => left.id.localeCompare(right.id)).slice(0, 2)).toEqual([
    { id: 'a', quantity: 3, urgent: true },
    { id: 'b', quantity: 1.5, urgent: null },
  ])
  expect(mostOfOne).toBe(1)
  const [a, , c, d] = resultsIn(cwd)
  expect(a).toMatchObject({
    verdict: 'ok',
    captures: { order: 'o-a', total: '12345678901234567890' },
    withheld: ['session'],
    body: { orderId: 'o-a', session: '***', key: '***' },
  })
  expect(c).toMatchObject({ verdict: 'refused', status: 422, body: { error: 'no' } })
  expect(d).toMatchObject({ verdict: 'refused', code: 'EZ_CAPTURE_MISSING' })
  expect(readFileSync(join(cwd, 'results.ndjson'), 'utf8')).not.toMatch(/s3cr3t|very-secret-key/)
  // A refusal is no answer to keep.
  expect(readdirSync(join(cwd, 'answers')).sort()).toEqual(['a.json', 'b.json', 'd.json'])
  expect(readFileSync(join(cwd, 'answers', 'a.json'), 'utf8')).toContain('12345678901234567890')
})

it('sends nothing for a name that leads elsewhere, or a capture that is none', async () => {
  const cwd = folder({
    'order.yaml': order(),
    'bad.yaml': order().replace('$.orderId', '$.['),
    'rows.csv': 'id,quantity,urgent,account\n../x,1,true,x\n',
  })
  const end = ['--var', 'api_key=k', '--data', 'rows.csv', '--output', 'answers/{{id}}']
  const [outside, path] = await Promise.all([
    ez(['run', 'order.yaml', ...end], { cwd }),
    ez(['run', 'bad.yaml', ...end], { cwd }),
  ])
  expect([outside.code, path.code, vendor.received]).toEqual([2, 2, []])
  expect(outside.stdout).toContain('holds a separator')
  expect(path.stdout).toContain('bad.yaml:8:3: "$.[" is no JSONPath')
  expect(() => new RowOutputs('one.json', {} as never, false)).toThrow("--output 'answers/{{id}}.json'")
})

it('tells, before a row is sent, of a column that is misspelt and of a cell without its type', async () => {
  const cwd = folder({ 'rows.csv': rows.replace('1.5', 'several') })
  const read = async (types: ColumnTypes): Promise<unknown[]> => {
    const all: unknown[] = []
    for await (const row of readRows(join(cwd, 'rows.csv'), { types })) all.push(row.data)
    return all
  }
  await expect(read({ qantity: 'number' })).rejects.toThrow('Did you mean "quantity"? Nothing was sent.')
  await expect(read({ quantity: 'number' })).rejects.toThrow('row 2, column "quantity": this is no number')
  expect(await read(types('urgent:boolean,id:string'))).toMatchObject([
    { urgent: true, quantity: '3' },
    { urgent: null },
    { urgent: false },
    { urgent: false },
  ])
  expect(() => types('urgent:bool')).toThrow('types are string, number, boolean, json')
})

it.each([
  ['12345678901234567', undefined],
  ['9007199254740993', undefined],
  ['0.1', 0.1],
  ['1e3', 1000],
  ['-0012.50', -12.5],
  ['0x10', undefined],
  ['1e999', undefined],
])('reads the number %s as %s, and no digit is lost', (text, value) => {
  const read = (): unknown => typedRow('rows.csv', 1, { n: text }, { n: 'number' }).n
  if (value === undefined) expect(read).toThrow('column "n": this is no number')
  else expect(read()).toBe(value)
})

// Written by the build before answers were kept, whose process was killed with row 4 in flight.
const early = fileURLToPath(new URL('fixtures/results-of-an-early-build.ndjson', import.meta.url))

it('goes on from results that an early build wrote', async () => {
  const cwd = folder({
    'results.ndjson': readFileSync(early),
    'results.ndjson.started': readFileSync(`${early}.started`),
  })
  const file = join(cwd, 'results.ndjson')
  const journal = Journal.open(file, { resume: true, takeOver: false, fsync: false })
  const row = (number: number) => ({
    number,
    data: { id: String(number), note: `note, {{literal}} ${number}` },
  })
  expect([1, 2, 3, 4, 5].map((number) => journal.isDone(row(number)))).toEqual([
    true,
    true,
    false,
    false,
    false,
  ])
  expect(journal.inFlight()).toEqual([4])
  expect(() => journal.isDone({ number: 1, data: { id: '1', note: 'another' } })).toThrow(
    'row 1 is not what it was',
  )
  for (const number of [3, 4, 5]) {
    await journal.start(row(number))
    journal.finish(row(number), { label: 'order.yaml', verdict: 'ok', milliseconds: 1, problems: [] })
  }
  await journal.close(true)
  expect(resultsIn(cwd).map((line) => [line.row, line.verdict])).toEqual([
    [1, 'ok'],
    [2, 'refused'],
    [3, 'failed'],
    [3, 'ok'],
    [4, 'ok'],
    [5, 'ok'],
  ])
})
