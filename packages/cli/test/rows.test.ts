import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { isPresent } from '../../../.ci/vitest/present.ts'
import { bin, type Ended, environment, ez, folder } from './support/ez.ts'
import { closedUrl, type LoopbackServer, listen } from './support/server.ts'

const file = `name: order
method: POST
url: '{{base_url}}/orders'
headers: { x-row: '{{id}}' }
body: { json: { id: '{{id}}', note: '{{note}}' } }
`

function csv(rows: number): string {
  return `id,note\n${Array.from({ length: rows }, (_, index) => `${index + 1},"note, {{literal}} ${index + 1}"`).join('\n')}\n`
}

/** An answer after so many milliseconds. */
const after =
  (milliseconds: number): Parameters<typeof listen>[0] =>
  (_request, response) =>
    void setTimeout(() => response.end(), milliseconds)

/** Does something to a process when the server has received so many requests. */
function whenReceived(server: LoopbackServer, count: number, child: ChildProcess, act: () => void): void {
  const watch = setInterval(() => {
    if (server.received.length < count) return
    clearInterval(watch)
    act()
  }, 2)
  child.on('close', () => clearInterval(watch))
}

/** Starts a run, and sends a signal when the server has received so many requests. */
function interrupted(
  args: readonly string[],
  cwd: string,
  server: LoopbackServer,
  count: number,
  signal: NodeJS.Signals,
): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [bin, ...args], { cwd, env: environment(), stdio: 'pipe' })
    let stdout = ''
    let stderr = ''
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString()
    })
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString()
    })
    whenReceived(server, count, child, () => child.kill(signal))
    child.on('close', (code) => resolve({ code, stdout, stderr }))
  })
}

/** A server that is closed when the test ends. */
async function serve(answer?: Parameters<typeof listen>[0]): Promise<LoopbackServer> {
  const server = await listen(answer)
  onTestFinished(() => server.close())
  return server
}

/** The arguments of a run over `rows.csv` that keeps its results. */
const keeping: readonly string[] = ['run', 'order.yaml', '--data', 'rows.csv', '--out', 'results.ndjson']

/** A server, a folder with rows for it, and the arguments of a run over them that keeps its results. */
async function rowsToSend(
  rows: number,
  more: readonly string[] = [],
  answer?: Parameters<typeof listen>[0],
): Promise<{ server: LoopbackServer; cwd: string; args: string[] }> {
  const server = await serve(answer)
  const cwd = folder({ 'order.yaml': file, 'rows.csv': csv(rows) })
  return { server, cwd, args: [...keeping, '--var', `base_url=${server.url}`, ...more] }
}

const rowsOf = (server: LoopbackServer): number[] =>
  server.received.map(({ headers }) => Number(headers['x-row']))

describe('ez run --data', () => {
  it('sends one request for each row, as literal text, from CSV, JSON and NDJSON', async () => {
    const server = await serve(
      (request, response) => void response.writeHead(request.headers['x-row'] === '2' ? 422 : 200).end(),
    )
    const rows = [1, 2, 3].map((id) => ({ id, note: '{{literal}}' }))
    const cwd = folder({
      'order.yaml': file,
      'rows.csv': csv(3),
      'rows.json': JSON.stringify(rows),
      'rows.ndjson': rows.map((row) => JSON.stringify(row)).join('\n'),
    })
    for (const name of ['rows.csv', 'rows.json', 'rows.ndjson']) {
      server.received.length = 0
      const { code, stdout } = await ez(
        ['run', 'order.yaml', '--data', name, '--var', `base_url=${server.url}`],
        { cwd },
      )
      expect(stdout).toContain('3 rows: 2 ok, 1 refused, 0 failed')
      expect(stdout).toMatch(/p50 \d+ ms, p95 \d+ ms/)
      expect(code).toBe(1)
      const first = server.received.find(({ headers }) => headers['x-row'] === '1')
      expect(JSON.parse(first?.body.toString() ?? '')).toEqual(
        name === 'rows.csv' ? { id: '1', note: 'note, {{literal}} 1' } : { id: 1, note: '{{literal}}' },
      )
    }
  })

  it('sends 4,000 rows exactly once, interrupted at half and resumed', async () => {
    const { server, cwd, args } = await rowsToSend(4_000, ['--concurrency', '8'])
    const first = await interrupted(args, cwd, server, 2_000, 'SIGINT')
    expect(first.code).toBe(1)
    expect(first.stderr).toContain('Go on with the same command and --resume')
    expect(server.received.length).toBeLessThan(4_000)
    const second = await ez([...args, '--resume'], { cwd })
    expect(second.stderr).toMatch(/Going on: \d+ rows are done/)
    expect(second.stderr).not.toContain('In flight')
    expect(second.code).toBe(0)
    const received = rowsOf(server).sort((left, right) => left - right)
    expect(received).toEqual(Array.from({ length: 4_000 }, (_, index) => index + 1))
    const lines = readFileSync(join(cwd, 'results.ndjson'), 'utf8').trimEnd().split('\n')
    expect(lines.length).toBe(4_000)
    expect(existsSync(join(cwd, 'results.ndjson.started'))).toBe(false)
  }, 240_000)

  it('after kill -9 repeats only rows in flight, and says which', async () => {
    const { server, cwd, args } = await rowsToSend(300, ['--concurrency', '4'], after(5))
    await interrupted(args, cwd, server, 100, 'SIGKILL')
    // A line that the crash cut off.
    writeFileSync(join(cwd, 'results.ndjson'), `${readFileSync(join(cwd, 'results.ndjson'), 'utf8')}{"row":2`)
    const { stderr, code } = await ez([...args, '--resume'], { cwd })
    expect(code).toBe(0)
    const counts = new Map<number, number>()
    for (const row of rowsOf(server)) counts.set(row, (counts.get(row) ?? 0) + 1)
    expect(counts.size).toBe(300)
    const repeated = [...counts].filter(([, count]) => count > 1).map(([row]) => row)
    expect(repeated.length).toBeLessThanOrEqual(4)
    const named = /sent again now; they may arrive a second time: rows? (.*)\./.exec(stderr)?.[1] ?? ''
    const told = named.split(', ').flatMap((part) => {
      const [start, end = start] = part.split('–').map(Number) as [number, number?]
      return Array.from({ length: (end as number) - start + 1 }, (_, index) => start + index)
    })
    for (const row of repeated) expect(told).toContain(row)
  }, 120_000)

  it('refuses what would send rows twice, or other rows', async () => {
    const { server, cwd, args } = await rowsToSend(2)
    expect((await ez([...args, '--resume'], { cwd })).stderr).toContain(
      'there is no results.ndjson to go on from',
    )
    expect((await ez(args, { cwd })).code).toBe(0)
    expect((await ez(args, { cwd })).stderr).toContain('there are results already')
    writeFileSync(join(cwd, 'rows.csv'), csv(2).replace('note', 'other'))
    writeFileSync(join(cwd, 'rows.csv'), 'id,note\n7,other\n')
    expect((await ez([...args, '--resume'], { cwd })).stderr).toContain('row 1 is not what it was')
    expect(server.received.length).toBe(2)
  })

  it('refuses a second run on the same results while the first goes on', async () => {
    let release = (): void => undefined
    const released = new Promise<void>((resolve) => {
      release = resolve
    })
    const { server, cwd, args } = await rowsToSend(
      200,
      [],
      (_request, response) => void released.then(() => response.end()),
    )
    const first = ez(args, { cwd })
    await expect.poll(() => server.received.length).toBeGreaterThan(0)
    const second = await ez([...args, '--resume'], { cwd })
    release()
    expect(second.stderr).toContain('is writing it')
    expect(second.code).toBe(2)
    expect((await first).code).toBe(0)
    expect(server.received.length).toBe(200)
    expect(readdirSync(cwd).sort()).toEqual(['order.yaml', 'results.ndjson', 'rows.csv'])
  })

  it('refuses a file whose run cannot be seen from here, until it is taken over', async () => {
    const { server, cwd, args } = await rowsToSend(2)
    const elsewhere = {
      token: 'a',
      host: 'another-machine',
      boot: 'b',
      processNamespace: 'c',
      process: 1,
      started: '1',
      since: '2026-11-01T00:00:00.000Z',
    }
    writeFileSync(join(cwd, 'results.ndjson.lock'), JSON.stringify(elsewhere))
    const refused = await ez(args, { cwd })
    expect([refused.code, server.received.length]).toEqual([2, 0])
    expect(refused.stderr).toContain('process 1 on another-machine, since 2026-11-01')
    expect(refused.stderr).toContain('--take-over')
    expect((await ez([...args, '--take-over'], { cwd })).code).toBe(0)
    expect(rowsOf(server).sort()).toEqual([1, 2])
    expect(existsSync(join(cwd, 'results.ndjson.lock'))).toBe(false)
  })

  it('sends no further row when another run has taken its file over', async () => {
    const { server, cwd, args } = await rowsToSend(2_000, ['--concurrency', '4'], after(5))
    const running = ez(args, { cwd })
    await expect.poll(() => server.received.length).toBeGreaterThan(20)
    const lock = join(cwd, 'results.ndjson.lock')
    const taken = {
      ...(JSON.parse(readFileSync(lock, 'utf8')) as object),
      token: 'another',
      host: 'another-machine',
    }
    writeFileSync(lock, JSON.stringify(taken))
    const { code, stderr } = await running
    expect([code, stderr]).toEqual([2, expect.stringContaining('took it over')])
    expect(server.received.length).toBeLessThan(2_000)
    // It is the other run's, so it stays.
    expect(existsSync(lock)).toBe(true)
  })

  it('leaves no results behind when the rows cannot be read', async () => {
    const { cwd, args } = await rowsToSend(1)
    const wrong = args.map((arg) => (arg === 'rows.csv' ? 'rows.cvs.csv' : arg))
    expect((await ez(wrong, { cwd })).code).toBe(2)
    expect(readdirSync(cwd).sort()).toEqual(['order.yaml', 'rows.csv'])
    expect((await ez(args, { cwd })).code).toBe(0)
  })

  it('stops at the first row when the input is wrong for every row', async () => {
    const server = await serve()
    const cwd = folder({
      'order.yaml': file,
      'rows.json': JSON.stringify(Array.from({ length: 500 }, (_, id) => ({ id }))),
    })
    const { code, stdout } = await ez(
      ['run', 'order.yaml', '--data', 'rows.json', '--var', `base_url=${server.url}`],
      { cwd },
    )
    expect(stdout).toContain('{{note}} has no value')
    expect(code).toBe(2)
    expect(server.received.length).toBe(0)
  })

  it('says what is wrong with the rows', async () => {
    const cwd = folder({
      'order.yaml': file,
      'a.json': '{}',
      'b.json': '[1]',
      'c.ndjson': '{"id":1}\nnope\n',
      'd.txt': '',
      'e.csv': 'a,b\n1,2,3\n',
    })
    for (const [name, problem] of [
      ['a.json', 'it must be a list of rows'],
      ['b.json', 'row 1 is no map'],
      ['c.ndjson', 'line 2 is not JSON'],
      ['d.txt', 'rows come from a .csv'],
      ['e.csv', 'e.csv: '],
      ['none.csv', 'there is no such file'],
    ] as const) {
      const { code, stderr } = await ez(
        ['run', 'order.yaml', '--data', name, '--var', 'base_url=http://127.0.0.1:1', '--var', 'note=x'],
        { cwd },
      )
      expect(stderr).toContain(problem)
      expect(code).toBe(2)
    }
  })

  it.runIf(isPresent('script'))(
    'on a terminal shows a bar, and at Ctrl-C still waits for what is in flight',
    async () => {
      const { server, cwd, args } = await rowsToSend(2_000, [], after(10))
      // "exec": a shell that stays ends by the signal itself, whatever its program makes of it.
      const command = `exec "${process.execPath}" "${bin}" ${args.join(' ')}`
      const child = spawn('script', ['-qefc', command, '/dev/null'], {
        cwd,
        env: { ...environment(), TERM: 'xterm' },
        stdio: 'pipe',
      })
      let output = ''
      child.stdout.on('data', (chunk: Buffer) => {
        output += chunk.toString()
      })
      whenReceived(server, 50, child, () => void child.stdin.write('\u0003'))
      const code = await new Promise((resolve) => child.on('close', resolve))
      expect(code).toBe(1)
      expect(output).toMatch(/\d+ of 2000/)
      expect(output).toContain('waiting for what is in flight')
      const done = readFileSync(join(cwd, 'results.ndjson'), 'utf8').trimEnd().split('\n').length
      expect(done).toBe(server.received.length)
      expect(done).toBeLessThan(2_000)
    },
  )

  it('goes on with rows of which nothing was sent, put right or not', async () => {
    const cwd = folder({ 'order.yaml': file, 'rows.csv': 'id,note\n1,a\n2,\u0001b\n3,c\n' })
    const args = [...keeping, '--concurrency', '1']
    // Nobody listens there, so that nothing can have arrived.
    const down = await ez([...args, '--retries', '0', '--var', `base_url=${await closedUrl()}`], { cwd })
    expect([down.code, down.stdout]).toEqual([
      1,
      expect.stringContaining('3 rows: 0 ok, 0 refused, 3 failed'),
    ])
    expect(down.stderr).toContain('3 rows were not sent at all')
    // A missing variable stops the run at its first row.
    const missing = await ez([...args, '--resume'], { cwd })
    expect(missing.code).toBe(2)
    const server = await serve()
    const good = [...args, '--resume', '--var', `base_url=${server.url}`]
    writeFileSync(join(cwd, 'rows.csv'), 'id,note\n1,a\n2,b\n3,c\n')
    const up = await ez(good, { cwd })
    expect([up.code, up.stdout]).toEqual([0, expect.stringContaining('3 rows: 3 ok')])
    expect(up.stderr).not.toContain('In flight')
    expect(rowsOf(server)).toEqual([1, 2, 3])
    expect((await ez(good, { cwd })).stdout).toContain('0 rows: 0 ok, 0 refused, 0 failed, 3 done before')
    expect(server.received).toHaveLength(3)
  })

  it('never sends again what broke off on its way', async () => {
    const { server, cwd, args } = await rowsToSend(1, [], (_request, response) => void response.destroy())
    expect((await ez(args, { cwd })).stdout).toContain('1 failed')
    expect((await ez([...args, '--resume'], { cwd })).stdout).toContain('1 done before')
    expect(server.received).toHaveLength(1)
  })
})
