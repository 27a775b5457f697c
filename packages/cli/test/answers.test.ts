import { stripVTControlCharacters } from 'node:util'
import { prepare, secret } from '@ez/core'
import picocolors from 'picocolors'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { answerLines } from '../src/output/answer.ts'
import { jsonText } from '../src/output/json-text.ts'
import { shortened, wrapped } from '../src/output/wrap.ts'
import { ez, folder } from './support/ez.ts'
import { startVendor, type Vendor } from './support/vendor.ts'

const plain = picocolors.createColors(false)
const terminal = (columns: number) => ({ isTTY: true, columns }) as unknown as NodeJS.WriteStream
const view = { head: false, request: false, body: true }
const pointer = 'All of it: --output <file>.'

async function shown(body: string, columns = 80, more: Partial<typeof view> = {}): Promise<string> {
  const prepared = await prepare(
    { method: 'GET', url: 'https://api.example.com/', headers: { 'x-key': '{{key}}' } },
    { variables: { key: secret('very-secret-key') } },
  )
  const response = { status: 200, headers: [['x-a', 'b']] as const, body: new TextEncoder().encode(body) }
  return stripVTControlCharacters(
    answerLines({ prepared, response }, { ...view, ...more }, { stream: terminal(columns), pointer }),
  )
}

describe('an answer for people', () => {
  it('lays JSON out, and keeps the digits of its numbers', () => {
    const text = '{"a":[1,{"b":null}],"n":12345678901234567890,"e":[],"o":{},"s":"x\\"{,}"}'
    const laid = jsonText(text, plain, true) as string
    expect(laid.split('\n')).toHaveLength(12)
    expect(laid.replace(/\s*\n\s*/g, '').replaceAll(': ', ':')).toBe(text)
  })

  it('masks a secret that the server sends back', async () => {
    expect(await shown('{"echo":"very-secret-key"}')).toContain('"echo": "***"')
  })

  it('is cut with a pointer to the rest, also in the middle of one long line', async () => {
    const rows = JSON.stringify(
      Array.from({ length: 50_000 }, (_, id) => ({ id, name: `customer number ${id}` })),
    )
    const lines = (await shown(rows)).split('\n')
    expect(lines.length).toBeLessThan(50)
    expect(lines.join(' ')).toContain(`… and more: ${rows.length.toLocaleString('en-US')} bytes in all.`)
    expect(lines.join('\n')).toContain(pointer)
  })

  it('does not print bytes that are no text, nor control characters', async () => {
    expect(await shown('a\u001b[31mb')).toBe('a\\x1b[31mb')
  })

  it('shows head and request, masked', async () => {
    const text = await shown('{}', 80, { head: true, request: true })
    expect(text).toContain('> x-key: ***')
    expect(text).toContain('< HTTP 200\n< x-a: b')
  })

  it('breaks no word at 50 columns', async () => {
    const words = 'several words that go on until the line is over, and then some more'
    const text = await shown(JSON.stringify({ long: words }), 50)
    expect(text.split('\n').every((line) => line.length <= 50)).toBe(true)
    expect(text.replace(/\s+/g, ' ')).toContain(words)
    expect(shortened('several words here', 12)).toBe('several …')
  })
})

describe('a line of source code', () => {
  const source = '  url: https://{{host}}/reports/2021-06-30/reports?from={{form}}&to=x # why it is so long'
  const told = (of: string, code = ' [EZ_CODE]'): string => {
    const start = source.indexOf(of)
    return `a.yaml:7:1: no value.\n  7 | ${source}\n    | ${' '.repeat(start)}${'^'.repeat(of.length)}${code}`
  }

  it.each(['{{host}}', '{{form}}', 'why', 'https://{{host}}/reports/2021-06-30/reports?from={{form}}&to=x'])(
    'is broken with the carets under %s, at any width',
    (of) => {
      for (const width of [30, 50, 64]) {
        const lines = wrapped(told(of), width).split('\n').slice(1)
        expect(lines.every((line) => line.length <= width)).toBe(true)
        const isMarks = (line = ''): boolean => /^ {4}\| +\^/.test(line)
        const marked = lines.map((line, index) => {
          const [, marks = ''] = /^ {4}\| ( *\^+)/.exec(lines[index + 1] ?? '') ?? []
          return isMarks(line) ? '' : line.slice(6 + marks.search(/\^|$/), 6 + marks.length)
        })
        expect(marked.join('')).toBe(of)
        const whole = lines.filter((line) => !isMarks(line) && !line.includes('EZ_CODE'))
        expect(whole.map((line) => line.slice(6)).join('')).toBe(source)
        expect(lines.at(-1)).toContain('[EZ_CODE]')
      }
    },
  )

  it('stays as it is where there is room', () => {
    expect(wrapped(told('why'), 200)).toBe(told('why'))
  })
})

describe('ez run', () => {
  let vendor: Vendor
  beforeEach(async () => {
    vendor = await startVendor(({ url }, number) => {
      if (url === '/r') return { status: 302, headers: { location: '/json' } }
      if (url === '/bad') return { status: 400, json: { error: 'no' } }
      if (url === '/slow' && number === 1) return { status: 503, headers: { 'retry-after': '1' } }
      return { headers: { 'x-a': 'b' }, json: { id: 1 } }
    })
  })
  afterEach(() => vendor.close())
  const cwd = (): string =>
    folder(
      Object.fromEntries(
        ['json', 'r', 'bad'].map((name) => [`${name}.yaml`, `method: GET\nurl: ${vendor.base}/${name}\n`]),
      ),
    )

  it('prints one line where there is no terminal, and more when it is asked', async () => {
    const folder = cwd()
    expect((await ez(['run', 'json.yaml'], { cwd: folder })).stdout).toMatch(/^✓ 200 GET \S+ \d+ ms\n$/)
    const { stdout } = await ez(['run', 'json.yaml', '-i'], { cwd: folder })
    expect(stdout).toContain('HTTP 200\n')
    expect(stdout).toContain('\n{\n  "id": 1\n}\n')
    expect((await ez(['run', 'json.yaml', '--output', '-'], { cwd: folder })).stdout).toBe('{"id":1}')
  })

  it('tells where a redirect leads, and goes there with --follow', async () => {
    const folder = cwd()
    expect((await ez(['run', 'r.yaml'], { cwd: folder })).stdout).toContain(
      `leads to ${vendor.base}/json (--follow`,
    )
    const { stdout } = await ez(['run', 'r.yaml', '--follow', '--json'], { cwd: folder })
    expect(JSON.parse(stdout).requests[0]).toMatchObject({
      status: 200,
      redirect: { to: `${vendor.base}/json`, followed: true },
    })
  })

  it('adds several files up, and stops at the first bad one with --bail', async () => {
    const folder = cwd()
    const all = await ez(['run', 'bad.yaml', 'json.yaml', '--concurrency', '1'], { cwd: folder })
    expect(all.stdout).toContain('2 requests: 1 ok, 1 refused, 0 failed\n')
    const bailed = await ez(['run', 'bad.yaml', 'json.yaml', '--concurrency', '1', '--bail'], { cwd: folder })
    expect(bailed.stdout).toContain('1 request: 0 ok, 1 refused, 0 failed\n')
    expect(bailed.code).toBe(1)
  })
})
