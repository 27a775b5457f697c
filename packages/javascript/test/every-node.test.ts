import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const program = fileURLToPath(new URL('./support/escape-program.mjs', import.meta.url))

/** Where a Node of the dev dependencies is; its package brings the binary when it is installed. */
function nodeOf(version: string): string {
  return fileURLToPath(new URL(`../node_modules/node-${version}/bin/node`, import.meta.url))
}

test.each(['20', '22', '26'])(
  'nothing escapes on Node %s',
  async (version) => {
    const node = nodeOf(version)
    if (!existsSync(node)) {
      console.log(`javascript escape suite: Node ${version} is absent`)
      return
    }
    const { stdout } = await promisify(execFile)(node, [program])
    const { count, wrong } = JSON.parse(stdout) as { count: number; wrong: unknown[] }
    expect(wrong).toEqual([])
    console.log(`javascript escape suite on Node ${version}: ${count} passed`)
  },
  240_000,
)
