import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { type PreparedRequest, prepare } from '@ez/core'
import type { javascriptScript } from '@ez/javascript'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { installPackage } from './support/installed.ts'
import { logOf } from './support.ts'

const folder = mkdtempSync(join(tmpdir(), 'ez-broken-'))
let script: typeof javascriptScript
let count = 0

beforeAll(async () => {
  const entry = installPackage(folder)
  cpSync(
    fileURLToPath(new URL('./support/broken-worker.mjs', import.meta.url)),
    join(dirname(entry), 'worker.js'),
  )
  script = ((await import(pathToFileURL(entry).href)) as { javascriptScript: typeof javascriptScript })
    .javascriptScript
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** A request whose script breaks the engine that runs it first. */
function prepared(given: { how: string; before?: unknown[]; always?: boolean }): Promise<PreparedRequest> {
  count += 1
  const source = JSON.stringify({ marker: join(folder, `marker-${count}`), ...given })
  return prepare(
    {
      method: 'GET',
      url: 'https://a.example/',
      preRequest: [script({ source, timeoutMs: 30_000, allow: { hosts: ['b.example'] } })],
    },
    { fetch: async () => new Response('ok') },
  )
}

describe.each(['thread', 'engine'])('an engine that breaks (%s)', (how) => {
  test('is no fault of the script, which runs once more', async () => {
    expect(logOf(await prepared({ how }))).toEqual(['second engine'])
  })

  test('twice is EZ_SANDBOX_BROKEN with the cause', async () => {
    await expect(prepared({ how, always: true })).rejects.toMatchObject({
      code: 'EZ_SANDBOX_BROKEN',
      message: expect.stringContaining('memory access out of bounds'),
    })
  })

  test('after the script used the network, it does not run again', async () => {
    const fetched = {
      type: 'fetch',
      id: 1,
      url: 'https://b.example/',
      method: 'GET',
      headers: [],
      body: null,
    }
    await expect(prepared({ how, before: [fetched] })).rejects.toMatchObject({ code: 'EZ_SANDBOX_BROKEN' })
  })

  test('after it changed the request, it does not run again', async () => {
    const asked = { type: 'ask', edits: [['append', 'headers', 'x-a', '1']], question: { kind: 'request' } }
    await expect(prepared({ how, before: [asked] })).rejects.toMatchObject({ code: 'EZ_SANDBOX_BROKEN' })
  })
})
