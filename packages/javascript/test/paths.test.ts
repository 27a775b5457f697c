import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { installPackage } from './support/installed.ts'

const program = fileURLToPath(new URL('./support/in-turn-program.mjs', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'ez-paths-'))
// What lies in an engine's memory once moved with the length of the path: a block of it is 16 bytes.
const count = Number(process.env.EZ_PATH_LENGTHS ?? 6)
const lengths = Array.from({ length: count }, (_, index) => 1 + Math.round((index * 64) / count))

afterAll(() => rmSync(folder, { recursive: true, force: true }))

test.each(lengths)(
  'scripts run in turn where the path is %d characters longer',
  (length) => {
    const place = join(folder, 'p'.repeat(length))
    mkdirSync(place)
    installPackage(place)
    cpSync(program, join(place, 'program.mjs'))
    const output = execFileSync(process.execPath, [join(place, 'program.mjs')], { encoding: 'utf8' })
    expect(JSON.parse(output)).toEqual([])
  },
  120_000,
)
