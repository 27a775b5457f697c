import { execFile } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { prepare } from '@ez/core'
import { closePython } from '@ez/python'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { environment } from '../src/environment.ts'
import { type Loopback, serveLoopback } from '../src/loopback.ts'
import { requests } from '../src/requests/index.ts'

const folder = fileURLToPath(new URL('../requests/', import.meta.url))
const ez = createRequire(import.meta.url)
  .resolve('@ez/cli/package.json')
  .replace('package.json', 'dist/bin.js')
const files = readdirSync(folder).filter((name) => name.endsWith('.yaml'))

function run(args: readonly string[]): Promise<{ code: number; output: string; errors: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [ez, ...args], { encoding: 'utf8' }, (error, output, errors) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : error ? -1 : 0, output, errors })
    })
  })
}

let loopback: Loopback
beforeAll(async () => {
  loopback = await serveLoopback(0, () => new Date())
})
afterAll(async () => {
  closePython()
  await loopback.close()
})

function toLoopback(): string[] {
  return ['spapi', 'lwa', 's3', 'netsuite', 'netsuite_restlet', 'cosmos'].flatMap((vendor) => [
    '--var',
    `${vendor}_url=${loopback.url}`,
  ])
}

describe('the request files', () => {
  it('are those of the demo', () => {
    // NetSuite's token endpoint follows from the account, so that it cannot be on loopback.
    const named = requests.filter(({ name }) => name !== 'netsuite-m2m')
    expect(files).toEqual(named.map(({ name }) => `${name}.yaml`).sort())
  })

  // A token is another one each time.
  it.each(requests.filter(({ steps }) => steps === undefined))(
    '$name: the file is signed as the template is',
    async ({ name, template }) => {
      const at = '2026-11-21T08:00:00Z'
      const nonce = 'fjaLirsIcCGVZWzBX0pg'
      const { output, errors } = await run([
        'sign',
        join(folder, `${name}.yaml`),
        '--format',
        'json',
        '--at',
        at,
        '--nonce',
        nonce,
      ])
      expect(errors).toBe('')
      const prepared = await prepare(template, {
        variables: environment,
        clock: () => new Date(at),
        nonce: () => nonce,
      })
      const signed = JSON.parse(output)
      const body = signed.body === null ? null : [...Buffer.from(signed.body.data, signed.body.encoding)]
      expect({ ...signed, body, trace: undefined }).toEqual({
        method: prepared.method,
        url: prepared.url,
        headers: prepared.headers,
        body: prepared.body === null ? null : [...(prepared.body as Uint8Array)],
        trace: undefined,
      })
    },
  )

  it('are accepted by the endpoints on loopback', async () => {
    const { code, output, errors } = await run([
      'run',
      // No token of a test is kept on the machine that runs it.
      '--no-store',
      ...files.map((file) => join(folder, file)),
      ...toLoopback(),
    ])
    expect(errors).toBe('')
    expect(output.match(/✓/g)).toHaveLength(files.length)
    expect(code).toBe(0)
  })

  it.each([
    ['spapi-post', 'aws_secret_key'],
    ['spapi-lwa', 'lwa_client_secret'],
    ['s3-put-text', 'aws_secret_key'],
    ['netsuite-suiteql', 'netsuite_token_secret'],
    ['cosmos-read', 'cosmos_master_key'],
  ])('%s is refused there with a wrong %s', async (name, secret) => {
    const { code } = await run([
      'run',
      join(folder, `${name}.yaml`),
      ...toLoopback(),
      '--var',
      `${secret}=bm90IHRoZSByaWdodCBrZXk=`,
    ])
    expect(code).toBe(1)
  })
})
