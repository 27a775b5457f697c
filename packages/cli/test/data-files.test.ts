import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ez, folder } from './support/ez.ts'
import { type LoopbackServer, listen } from './support/server.ts'

let server: LoopbackServer

beforeAll(async () => {
  server = await listen()
})
beforeEach(() => void server.received.splice(0))
afterAll(() => server.close())

const run = (rows: string | Uint8Array, args: readonly string[] = [], name = 'rows.csv') =>
  ez(['run', 'in.yaml', '--data', name, '--out', 'q.ndjson', ...args], {
    cwd: folder({
      'in.yaml': `method: POST\nurl: ${server.url}/\nbody: { json: { name: '{{name}}' } }\n`,
      [name]: rows,
    }),
  })

const sent = (): string[] => server.received.map(({ body }) => JSON.parse(body.toString()).name as string)
const latin = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'latin1'))

describe('a file of rows', () => {
  it.each(['rows.csv', 'rows.ndjson', 'rows.json'])('in another encoding sends nothing: %s', async (name) => {
    const many = Array.from({ length: 5000 }, (_, index) => index)
    const text = name.endsWith('.csv')
      ? `id,name\n${many.map((id) => `${id},a`).join('\n')}\n9,Müller\n`
      : name.endsWith('.ndjson')
        ? `${many.map((id) => `{"id":${id},"name":"a"}`).join('\n')}\n{"name":"Müller"}\n`
        : `[${many.map((id) => `{"id":${id},"name":"a"}`).join(',')},{"name":"Müller"}]`
    const { code, stdout, stderr } = await run(latin(text), [], name)
    expect([code, stderr + stdout]).toEqual([2, expect.stringContaining('--encoding windows-1252')])
    expect(stderr + stdout).toContain('EZ_DATA_INVALID')
    if (name !== 'rows.json')
      expect(stderr + stdout).toContain(`line ${name.endsWith('.csv') ? 5002 : 5001} `)
    expect(server.received).toHaveLength(0)
  })

  it('in another encoding is read as such when it is named', async () => {
    expect((await run(latin('name\nMüller\n'), ['--encoding', 'windows-1252'])).code).toBe(0)
    expect((await run(latin('{"name":"Jürgen"}\n'), ['--encoding', 'latin1'], 'rows.ndjson')).code).toBe(0)
    const utf16 = new Uint8Array(Buffer.from('\ufeffname\nŻaneta\n', 'utf16le'))
    expect((await run(utf16)).stderr).toContain('--encoding utf-16le')
    expect((await run(utf16, ['--encoding', 'utf-16le'])).code).toBe(0)
    expect(sent()).toEqual(['Müller', 'Jürgen', 'Żaneta'])
  })

  it('keeps characters whole that stand where two reads meet', async () => {
    const names = Array.from({ length: 30 }, (_, index) => `${'é'.repeat(5000 + index)}`)
    expect((await run(`name\n${names.join('\n')}\n`)).code).toBe(0)
    expect(sent().sort()).toEqual(names.sort())
  })

  it.each([
    [';', ';'],
    ['\t', 'tab'],
    ['|', '|'],
  ])('that is separated by %j sends nothing until that is said', async (separator, named) => {
    const rows = `id${separator}name\n1${separator}3,50\n`
    const { code, stderr } = await run(rows)
    expect([code, stderr]).toEqual([2, expect.stringContaining(`--delimiter '${named}'`)])
    expect(server.received).toHaveLength(0)
    expect((await run(rows, ['--delimiter', named])).code).toBe(0)
    expect(sent()).toEqual(['3,50'])
  })

  it('with a column twice sends nothing', async () => {
    const { code, stderr } = await run('name,id,name\na,1,b\n')
    expect([code, stderr]).toEqual([2, expect.stringContaining('there are two columns "name"')])
    expect(server.received).toHaveLength(0)
  })

  it('may have columns without a name', async () => {
    expect((await run('name,,\na,,\n')).code).toBe(0)
    expect(sent()).toEqual(['a'])
  })
})

describe('flags for rows', () => {
  it.each([
    [['--delimiter', ';;'], 'one character'],
    [['--encoding', 'klingon'], 'windows-1252'],
  ])('are refused when they make no sense: %j', async (args, says) => {
    const { code, stderr } = await run('name\na\n', args)
    expect([code, stderr]).toEqual([2, expect.stringContaining(says)])
  })

  it('belong to --data, and the delimiter to .csv', async () => {
    const cwd = folder({ 'in.yaml': `method: GET\nurl: ${server.url}/\n` })
    expect((await ez(['run', 'in.yaml', '--delimiter', ';'], { cwd })).stderr).toContain('--data')
    expect((await run('{"name":"a"}\n', ['--delimiter', ';'], 'rows.ndjson')).stderr).toContain(
      'is no .csv file',
    )
    expect(server.received).toHaveLength(0)
  })
})
