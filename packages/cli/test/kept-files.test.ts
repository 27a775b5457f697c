import { chmodSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ez, folder } from './support/ez.ts'
import { type LoopbackServer, listen } from './support/server.ts'

let server: LoopbackServer

beforeAll(async () => {
  server = await listen(({ path }, response) => {
    if (path === '/refused') return void response.writeHead(403).end('refused')
    if (path === '/missing') return void response.writeHead(404).end('nothing there')
    if (path === '/broken') {
      response.writeHead(200, { 'content-length': '1000' }).write('half')
      setTimeout(() => response.destroy(), 50)
      return
    }
    response.end(`body of ${path}`)
  })
})
afterAll(() => server.close())

const one = (path: string, more = ''): string => `method: GET\nurl: ${server.url}${path}\n${more}`

describe('--output', () => {
  it.each(['/refused', '/broken'])(
    'keeps the file that is there when no good answer came: %s',
    async (path) => {
      const cwd = folder({ 'in.yaml': one(path), 'out.txt': 'from yesterday' })
      const { code, stdout } = await ez(['run', 'in.yaml', '--output', 'out.txt', '--retries', '0'], { cwd })
      expect(code).toBe(1)
      expect(readFileSync(join(cwd, 'out.txt'), 'utf8')).toBe('from yesterday')
      expect(readdirSync(cwd).sort()).toEqual(['in.yaml', 'out.txt'])
      if (path === '/refused') expect(stdout).toContain('out.txt is not written')
    },
  )

  it('makes no file of a refusal, but of one that was expected', async () => {
    const cwd = folder({
      'in.yaml': one('/missing'),
      'wanted.yaml': one('/missing', 'expect: { status: [200, 404] }\n'),
    })
    expect((await ez(['run', 'in.yaml', '--output', 'out.txt'], { cwd })).code).toBe(1)
    expect(readdirSync(cwd)).not.toContain('out.txt')
    expect((await ez(['run', 'wanted.yaml', '--output', 'out.txt'], { cwd })).code).toBe(0)
    expect(readFileSync(join(cwd, 'out.txt'), 'utf8')).toBe('nothing there')
  })

  it('writes over a file, and to standard output as it comes', async () => {
    const cwd = folder({
      'in.yaml': one('/a'),
      'refused.yaml': one('/refused'),
      'out.txt': 'a much longer text than the answer',
    })
    if (process.platform !== 'win32') chmodSync(join(cwd, 'out.txt'), 0o640)
    expect((await ez(['run', 'in.yaml', '--output', 'out.txt'], { cwd })).code).toBe(0)
    expect(readFileSync(join(cwd, 'out.txt'), 'utf8')).toBe('body of /a')
    expect((await ez(['run', 'in.yaml', '--output', '-'], { cwd })).stdout).toBe('body of /a')
    expect((await ez(['run', 'refused.yaml', '--output', '-'], { cwd })).stdout).toBe('refused')
  })
})

describe('--save', () => {
  const named = (...names: string[]): string =>
    `requests:\n${names.map((name) => `  - { name: ${JSON.stringify(name)}, method: GET, url: '${server.url}/${encodeURIComponent(name)}' }\n`).join('')}`
  const labels = (cwd: string): string[] =>
    readdirSync(join(cwd, 'saved')).map(
      (name) => JSON.parse(readFileSync(join(cwd, 'saved', name), 'utf8')).label,
    )

  it('keeps requests apart whose names are alike', async () => {
    const cwd = folder({ 'in.yaml': named('a b', 'a-b', 'a/b', 'A-b') })
    for (let times = 0; times < 2; times += 1) {
      expect((await ez(['run', 'in.yaml', '--save', 'saved'], { cwd })).code).toBe(0)
      expect(labels(cwd).sort()).toEqual(['in.yaml#A-b', 'in.yaml#a b', 'in.yaml#a-b', 'in.yaml#a/b'])
    }
    expect(readdirSync(join(cwd, 'saved'))).toContain('in.yaml#a-b.json')
  })
})
