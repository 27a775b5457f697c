import { execFile } from 'node:child_process'
import { type AddressInfo, createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { otherNodes } from '../../../.ci/vitest/nodes.ts'
import { flagsFor, runtimeFolder } from '../src/launch.ts'

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))
const binaries: [string, string, boolean][] = [
  [process.versions.node, process.execPath, true],
  ...otherNodes.map(({ version, path, isPresent }): [string, string, boolean] => [version, path, isPresent]),
]

// Should somebody find a way from Python to JavaScript: this is what would be there.
describe.each(binaries)('JavaScript in the child, Node %s', (version, binary, isPresent) => {
  test.runIf(isPresent)('reaches nothing', async () => {
    let touched = 0
    const server = createServer((socket) => {
      touched += 1
      socket.end('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n')
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const folders = [runtimeFolder, here('escape')]
    const { stdout } = await promisify(execFile)(
      binary,
      [...flagsFor(version, folders), here('escape/from-javascript.mjs'), runtimeFolder, String(port)],
      { env: { EZ_TEST_SECRET: 'secret', TZ: 'UTC' } },
    )
    server.close()
    expect(touched).toBe(0)
    const outcomes = JSON.parse(stdout) as Record<string, string>
    expect(Object.keys(outcomes).length).toBeGreaterThan(20)
    expect(Object.entries(outcomes).filter(([, outcome]) => outcome !== 'blocked')).toEqual([])
  })
})
