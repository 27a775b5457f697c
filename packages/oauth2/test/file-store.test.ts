import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { clientCredentials, memoryStore, refreshToken } from '@ez/oauth2'
import { fileStore } from '@ez/oauth2/file'
import { seal, storeKeyOf, unseal } from '@ez/oauth2/seal'
import { describe, expect, onTestFinished, test } from 'vitest'
import { rotatingEndpoint } from './support/rotating-endpoint.ts'
import { headerOf, send } from './support/tokens.ts'

const program = fileURLToPath(new URL('./support/one-send-with-files.mjs', import.meta.url))
const run = promisify(execFile)
const encryptionKey = Buffer.alloc(32, 9).toString('base64')
const newFolder = (): string => mkdtempSync(join(tmpdir(), 'ez-tokens-'))

describe('sealed entries', () => {
  const key = storeKeyOf('test', encryptionKey)

  test('open with their key and at their place only', async () => {
    const sealed = await seal(key, 'tenant-a', 'token-of-a')
    expect(sealed).not.toContain('token-of-a')
    expect(await unseal(key, 'tenant-a', sealed)).toBe('token-of-a')
    await expect(unseal(key, 'tenant-b', sealed)).rejects.toMatchObject({ code: 'SEALED_FOR_ANOTHER_PLACE' })
    await expect(unseal(new Uint8Array(32), 'tenant-a', sealed)).rejects.toMatchObject({
      code: 'SEALED_WITH_ANOTHER_KEY',
    })
  })

  test('no part of them can be changed', async () => {
    const sealed = await seal(key, 'tenant-a', 'token-of-a')
    for (let index = 0; index < sealed.length; index += 1) {
      // The second part, the encrypted key, is empty with direct encryption.
      if (sealed[index] === '.') continue
      const other = sealed[index] === 'A' ? 'Q' : 'A'
      const changed = sealed.slice(0, index) + other + sealed.slice(index + 1)
      await expect(unseal(key, 'tenant-a', changed), `character ${index}`).rejects.toThrow(TypeError)
    }
  })

  test.each(['', 'short', Buffer.alloc(31).toString('base64'), 'ä'.repeat(44)])(
    'a key that is not 32 bytes in base64 is refused: %j',
    (text) => {
      expect(() => storeKeyOf('EZ_STORE_KEY', text)).toThrow(
        expect.objectContaining({ code: 'EZ_OPTION_INVALID', message: expect.not.stringContaining('short') }),
      )
    },
  )
})

test("encrypted entries of two tenants that were exchanged give neither the other's token", async () => {
  const values = memoryStore()
  const scriptOf = (clientId: string): ReturnType<typeof clientCredentials> =>
    clientCredentials({
      tokenEndpoint: 'https://auth.example.com/token',
      clientId,
      clientSecret: 'secret-1',
      store: values,
      encryptionKey,
    })
  let calls = 0
  const fetch = (async (_: unknown, init?: RequestInit) => {
    calls += 1
    const client = new Headers(init?.headers).get('authorization')
    return Response.json({ access_token: `token-for-${client}`, token_type: 'bearer', expires_in: 3600 })
  }) as typeof globalThis.fetch
  await send(scriptOf('tenant-a'), { fetch })
  await send(scriptOf('tenant-b'), { fetch })
  const [a, b] = (await values.keys()) as [string, string]
  const [ofA, ofB] = [await values.get(a), await values.get(b)] as [string, string]
  await values.set(a, ofB)
  await values.set(b, ofA)
  for (const client of ['tenant-a', 'tenant-b'])
    await expect(send(scriptOf(client), { fetch })).rejects.toMatchObject({
      code: 'EZ_TOKEN_STORE_FAILED',
      message: expect.stringContaining('SEALED_FOR_ANOTHER_PLACE'),
    })
  expect(calls).toBe(2)
})

describe('encrypted files', () => {
  test('keep, list, end and delete entries, and hold nothing in clear', async () => {
    const folder = newFolder()
    const store = fileStore({ folder, encryptionKey })
    expect(await store.keys()).toEqual([])
    await store.set('client-a', 'secret-value-1')
    await store.set('client-b', 'secret-value-2', 60_000)
    await store.set('client-c', 'secret-value-3', -1)
    expect(await store.get('client-a')).toBe('secret-value-1')
    expect([...(await store.keys())].sort()).toEqual(['client-a', 'client-b'])
    const files = readdirSync(folder)
    expect(files).toHaveLength(3)
    for (const file of files)
      expect(readFileSync(join(folder, file), 'utf8')).not.toMatch(/secret-value|client-/)
    await store.delete('client-a')
    expect(await store.get('client-a')).toBeUndefined()
    await expect(
      fileStore({ folder, encryptionKey: Buffer.alloc(32).toString('base64') }).keys(),
    ).rejects.toMatchObject({ code: 'SEALED_WITH_ANOTHER_KEY' })
  })

  test('cannot be exchanged, and one that was cut off is told', async () => {
    const folder = newFolder()
    const store = fileStore({ folder, encryptionKey })
    await store.set('a', 'value-of-a')
    const [file] = readdirSync(folder) as [string]
    await store.set('b', 'value-of-b')
    const other = readdirSync(folder).find((name) => name !== file) as string
    copyFileSync(join(folder, other), join(folder, file))
    await expect(store.get('a')).rejects.toMatchObject({ code: 'SEALED_FOR_ANOTHER_PLACE' })
    writeFileSync(join(folder, file), readFileSync(join(folder, other), 'utf8').slice(0, 40))
    await expect(store.get('a')).rejects.toMatchObject({ code: 'SEALED_WITH_ANOTHER_KEY' })
  })

  test('a store that cannot be read fails the request, with the reason and without a secret', async () => {
    const folder = join(newFolder(), 'a-file')
    writeFileSync(folder, '')
    const script = refreshToken({
      tokenEndpoint: 'https://auth.example.com/token',
      clientId: 'client',
      refreshToken: 'refresh-secret-0',
      store: fileStore({ folder, encryptionKey }),
    })
    let calls = 0
    const fetch = (async () => {
      calls += 1
      return new Response()
    }) as typeof globalThis.fetch
    const failed = send(script, { fetch })
    await expect(failed).rejects.toMatchObject({
      code: 'EZ_TOKEN_STORE_FAILED',
      message: expect.stringMatching(/ENOTDIR|EEXIST|ENOENT/),
    })
    await expect(failed).rejects.toMatchObject({ message: expect.not.stringContaining('refresh-secret-0') })
    expect(calls).toBe(0)
  })

  test('two processes cause one refresh', { timeout: 30_000 }, async () => {
    const endpoint = await rotatingEndpoint()
    const folder = newFolder()
    const outputs = await Promise.all(
      [1, 2].map(() => run(process.execPath, [program, folder, endpoint.url, encryptionKey])),
    )
    expect(outputs.map(({ stdout }) => stdout.trim())).toEqual(['Bearer access-of-1', 'Bearer access-of-1'])
    expect(endpoint).toMatchObject({ refreshes: 1, reused: 0 })
    const again = await run(process.execPath, [program, folder, endpoint.url, encryptionKey])
    expect(again.stdout.trim()).toBe('Bearer access-of-1')
    expect(endpoint.refreshes).toBe(1)
  })

  test('a process that is killed in a refresh is told of by the next one, which spends nothing', {
    timeout: 60_000,
  }, async () => {
    let requests = 0
    const silent = createServer(() => {
      requests += 1
    })
    onTestFinished(() => {
      silent.closeAllConnections()
      silent.close()
    })
    await once(silent.listen(0, '127.0.0.1'), 'listening')
    const endpoint = `http://127.0.0.1:${(silent.address() as AddressInfo).port}/token`
    const parameters = [program, newFolder(), endpoint, encryptionKey]
    const killed = spawn(process.execPath, parameters)
    await once(silent, 'request')
    killed.kill('SIGKILL')
    await once(killed, 'exit')
    const next = run(process.execPath, parameters)
    await expect(next).rejects.toMatchObject({
      stdout: '',
      stderr: expect.stringMatching(/EZ_TOKEN_REFRESH_UNFINISHED/),
    })
    await expect(next).rejects.toMatchObject({ stderr: expect.not.stringContaining('refresh-0') })
    expect(requests).toBe(1)
  })

  test('a process that was stopped past its lock does not spend the token beside its successor', async () => {
    const store = fileStore({ folder: newFolder(), encryptionKey })
    const release = await store.lock?.('a', 1000)
    expect(release?.isHeld?.()).toBe(true)
    expect(await store.lock?.('a', 1000)).toBeUndefined()
    // No timer of this process runs meanwhile, as after SIGSTOP.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5200)
    expect(release?.isHeld?.()).toBe(false)
    await release?.()
  }, 15_000)
})

test('two steps of one process share a rotating refresh token without being told to', async () => {
  const endpoint = await rotatingEndpoint(5)
  const options = { tokenEndpoint: endpoint.url, clientId: 'shared', refreshToken: 'refresh-0' }
  const sent = await Promise.all([1, 2].map(() => send(refreshToken(options))))
  expect(sent.map((prepared) => headerOf(prepared, 'authorization'))).toEqual([
    'Bearer access-of-1',
    'Bearer access-of-1',
  ])
  expect(endpoint).toMatchObject({ refreshes: 1, reused: 0 })
})
