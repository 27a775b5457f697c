import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, describe, expect, test } from 'vitest'
import { PythonPool } from '../src/index.ts'
import { pool, prepareWith, resultOf, script } from './support/prepare.ts'

const folder = mkdtempSync(join(tmpdir(), 'ez-python-test-'))
afterAll(() => {
  pool.close()
  rmSync(folder, { recursive: true })
})

const mark = "import builtins\nresult = str(getattr(builtins, 'runs', 0))\nbuiltins.runs = int(result) + 1"

describe('interpreters', () => {
  test('serve the runs of one text, and of no other', async () => {
    expect([await resultOf(mark), await resultOf(mark), await resultOf(`${mark}\n#`)]).toEqual([
      '0',
      '1',
      '0',
    ])
  })

  test('serve one run when that is asked for', async () => {
    const options = { isolation: 'run' } as const
    expect([await resultOf(`${mark}\n##`, {}, options), await resultOf(`${mark}\n##`, {}, options)]).toEqual([
      '0',
      '0',
    ])
  })

  test('a script that patches hmac steals from no other', async () => {
    const thief = `
import hmac
real = hmac.new
def stealing(key, *rest):
    hmac.stolen = getattr(hmac, 'stolen', []) + [key]
    return real(key, *rest)
hmac.new = stealing`
    const victim =
      "import hashlib, hmac\nresult = hmac.new(b'{{key}}', b'', hashlib.sha256).hexdigest()[:4] + str(hasattr(hmac, 'stolen'))"
    await prepareWith([script(thief)])
    expect(await resultOf(victim, { key: 'k' })).toMatch(/^[0-9a-f]{4}False$/)
  })

  test('runs of one text stand in line', async () => {
    const results = await Promise.all(
      [1, 2, 3, 4, 5].map((n) => resultOf("import time\ntime.sleep(0.02)\nresult = '{{n}}'", { n })),
    )
    expect(results).toEqual(['1', '2', '3', '4', '5'])
  })

  test('a spare is taken by the next text', async () => {
    const own = new PythonPool({ spares: 1 })
    await own.warm()
    expect(await resultOf("result = 'spare'", {}, { pool: own })).toBe('spare')
    own.close()
  })

  test.runIf(process.platform === 'linux')(
    'are closed when nothing runs for a while, spares too',
    async () => {
      const before = new Set(children())
      const own = new PythonPool({ spares: 1, idleMs: 2000 })
      expect(await resultOf("result = 'idle'", {}, { pool: own })).toBe('idle')
      await own.warm()
      expect(children().filter((pid) => !before.has(pid)).length).toBeGreaterThan(0)
      await expect.poll(() => children().filter((pid) => !before.has(pid)), { timeout: 100_000 }).toEqual([])
      expect(await resultOf("result = 'again'", {}, { pool: own })).toBe('again')
      own.close()
    },
  )

  test('do not keep a program alive', async () => {
    const program = fileURLToPath(new URL('support/short-program.mjs', import.meta.url))
    const { stdout } = await promisify(execFile)(process.execPath, [program])
    const [result, pid] = stdout.trim().split(' ')
    expect(result).toBe('done')
    // The child ends with its parent.
    await expect.poll(() => alive(Number(pid)), { timeout: 100_000 }).toBe(false)
  })
})

function children(): string[] {
  return readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, 'utf8')
    .trim()
    .split(' ')
    .filter((pid) => pid !== '')
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

describe('the snapshot', () => {
  test('is built once, for its owner alone, and replaced when nothing starts from it', async () => {
    const own = new PythonPool({ spares: 0, cacheFolder: folder })
    expect(await resultOf("result = 'first'", {}, { pool: own })).toBe('first')
    own.close()
    const [name] = readdirSync(folder)
    const path = join(folder, name as string)
    expect(name).toMatch(/^pyodide-[\d.]+-[0-9a-f]{16}\.snapshot$/)
    if (process.platform !== 'win32') expect(statSync(path).mode & 0o077).toBe(0)

    writeFileSync(path, Buffer.alloc(2_000_000))
    const broken = new PythonPool({ spares: 0, cacheFolder: folder })
    expect(await resultOf("result = 'plain'", {}, { pool: broken })).toBe('plain')
    broken.close()
    expect(readdirSync(folder)).toEqual([])
  })

  test('no folder for it: interpreters start plainly', async () => {
    const own = new PythonPool({ spares: 0, cacheFolder: join(folder, 'x\0y') })
    expect(await resultOf("result = 'plain'", {}, { pool: own })).toBe('plain')
    own.close()
  })
})

test.runIf(process.platform === 'linux')(
  '1,000 runs: the interpreter grows by less than 20 MB after warm-up',
  async () => {
    const source = readFileSync(new URL('fixtures/cosmos.py', import.meta.url), 'utf8').replace(
      'sent = request.resolved()',
      'sent = request',
    )
    const own = new PythonPool({ spares: 0 })
    const step = script(source, { pool: own, exports: { 'header.authorization': 'authorization' } })
    const run = (): Promise<unknown> =>
      prepareWith(
        [step],
        { url: 'https://example.documents.azure.com/dbs/a/colls/b/docs' },
        { master_key: 'bWFzdGVy' },
      )
    const resident = (): number => {
      const children = readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, 'utf8')
        .trim()
        .split(' ')
      const sizes = children.map((pid) =>
        Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0),
      )
      return Math.max(...sizes) / 1024
    }
    for (let index = 0; index < 200; index += 1) await run()
    const before = resident()
    for (let index = 0; index < 1000; index += 1) await run()
    const growth = resident() - before
    own.close()
    console.log(`1,000 runs: ${growth.toFixed(1)} MB more, at ${(before + growth).toFixed(0)} MB`)
    expect(growth).toBeLessThan(20)
  },
)
