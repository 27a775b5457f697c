import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { afterAll, describe, expect, test } from 'vitest'
import { PythonPool } from '../src/index.ts'
import { watchMemory } from '../src/pool/memory-watch.ts'
import { errorOf, resultOf } from './support/prepare.ts'

const pool = new PythonPool({ spares: 0, interpreters: 1 })
afterAll(() => pool.close())

const megabyte = 1024 * 1024

describe.runIf(process.platform === 'linux')('the memory of a process, watched from outside', () => {
  test('is told when it goes over its limit, and not before', async () => {
    const child = spawn(process.execPath, [
      '-e',
      "let held; process.stdin.once('data', () => { held = Buffer.alloc(200 * 1024 * 1024, 1); console.log(held.length) }); console.log('up')",
    ])
    await once(child.stdout, 'data')
    const told: string[] = []
    const endGenerous = watchMemory(child.pid as number, 4096 * megabyte, () => told.push('generous'))
    const over = new Promise<void>((resolve) => {
      watchMemory(child.pid as number, 180 * megabyte, () => {
        told.push('strict')
        resolve()
      })
    })
    child.stdin.write('grow\n')
    await over
    expect(told).toEqual(['strict'])
    endGenerous()
    child.kill('SIGKILL')
  })

  test('is not looked at any more once the watch has ended', async () => {
    let told = 0
    const end = watchMemory(process.pid, 0, () => {
      told += 1
    })
    end()
    const again = new Promise<void>((resolve) => watchMemory(process.pid, 0, resolve))
    await again
    expect(told).toBe(0)
  })
})

describe('what a script writes outside its heap', () => {
  const resident = (): number => {
    const children = readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, 'utf8')
      .trim()
      .split(' ')
    const sizes = children.map((pid) =>
      Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0),
    )
    return Math.max(...sizes) / 1024
  }

  test.runIf(process.platform === 'linux')(
    'is not kept, whichever stream it takes and however small its pieces',
    async () => {
      const source = `
import os, sys
for _ in range({{pieces}}):
    os.write(1, b'x' * {{size}})
    os.write(2, b'x' * {{asked}})
sys.__stdout__.write('y')
result = 'written'`
      const run = (pieces: number, size: number, asked: number): Promise<unknown> =>
        resultOf(source, { pieces, size, asked }, { pool })
      await run(1, 1, 1)
      const before = resident()
      expect(await run(1000, 65_536, 1)).toBe('written')
      expect(await run(20_000, 1, 1)).toBe('written')
      for (let index = 0; index < 4; index += 1) expect(await run(100, 1, 65_536)).toBe('written')
      // One question of the largest size may wait in a buffer.
      expect(resident() - before).toBeLessThan(64)
    },
  )

  test('ends the run when it is more than a request may hold', async () => {
    const source = 'import os\nfor _ in range(300): os.write(2, bytes(65536))'
    expect(await errorOf(source, {}, { pool })).toMatchObject({ code: 'EZ_SCRIPT_OUTPUT' })
    expect(
      await errorOf("result = 'x' * 17_000_000", {}, { pool, exports: { body: 'result' } }),
    ).toMatchObject({
      code: 'EZ_SCRIPT_OUTPUT',
      message: expect.stringMatching(/^python: it wrote 1700\d{4} bytes; 16777216 are the most\.$/),
    })
  })
})
