import { spawn } from 'node:child_process'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { runtimeFolder } from '../src/launch.ts'

test('the child sleeps until the parent writes, though Pyodide names its standard streams', async () => {
  const program = fileURLToPath(new URL('support/blocking-read.mjs', import.meta.url))
  const closedWorld = pathToFileURL(`${runtimeFolder}/closed-world.mjs`).href
  const child = spawn(process.execPath, [program, closedWorld])
  let said = ''
  for await (const part of child.stdout) {
    said += String(part)
    // It is about to read by now: a pipe that does not block has failed before the byte comes.
    if (said.endsWith(' ')) setTimeout(() => child.stdin.end('x'), 200)
  }
  expect(said).toBe('02 read')
})
