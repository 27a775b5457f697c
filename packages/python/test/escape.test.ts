import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { otherNodes } from '../../../.ci/vitest/nodes.ts'
import { fierce, gentle } from './escape/attacks.mjs'

interface Report {
  readonly node: string
  readonly outcomes: Record<string, string>
  readonly ends: Record<string, { code: string | null; clean: boolean }>
  /** Connections and datagrams that reached the server on loopback. */
  readonly touched: number
}

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))
// The repository's own Node runs every attack, the others those that Node itself has a part in.
const binaries: [string, string, boolean, boolean][] = [
  [process.version, process.execPath, true, true],
  ...otherNodes.map(({ major, path, isPresent }): [string, string, boolean, boolean] => [
    `v${major}`,
    path,
    false,
    isPresent,
  ]),
]

describe.each(binaries)('Node %s', (_, binary, everything, isPresent) => {
  const fierceHere = Object.entries(fierce).filter(([, attack]) => everything || attack.everywhere)

  test.runIf(isPresent)('every attack is blocked, and the next run is clean', async () => {
    const { stdout } = await promisify(execFile)(
      binary,
      [here('escape/run.mjs'), ...(everything ? ['everything'] : [])],
      {
        maxBuffer: 1 << 24,
      },
    )
    const report = JSON.parse(stdout) as Report
    const escaped = Object.entries(report.outcomes).filter(([, outcome]) => outcome.startsWith('ESCAPED'))
    expect(escaped).toEqual([])
    expect(Object.keys(report.outcomes)).toEqual(Object.keys(gentle))
    expect(Object.keys(report.ends)).toEqual(fierceHere.map(([name]) => name))
    for (const [name, { codes }] of fierceHere) {
      expect(codes, name).toContain(report.ends[name]?.code)
      expect(report.ends[name]?.clean, `the run after: ${name}`).toBe(true)
    }
    expect(report.touched).toBe(0)
    console.log(
      `escape suite: ${Object.keys(gentle).length + fierceHere.length} attacks blocked on ${report.node}`,
    )
  })
})
