import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { logOf, run } from './support.ts'

test.each<[string, string]>([
  ['an async function that nobody awaits', "(async () => { throw new Error('no key') })()"],
  ['after a step', "(async () => { await null; throw new Error('no key') })()"],
  ['a promise', "new Promise((_, no) => no(new Error('no key')))"],
  ['Promise.reject', "Promise.reject(new Error('no key'))"],
  ['a callback', "Promise.resolve().then(() => { throw new Error('no key') })"],
  ['a finally', "Promise.resolve().finally(() => { throw new Error('no key') })"],
  ['one of several', "Promise.resolve().then(() => 1); Promise.reject(new Error('no key')); await null"],
  ['a module', "export default () => { (async () => { throw new Error('no key') })() }"],
  ['the top of a module', "Promise.reject(new Error('no key'))\nexport default () => {}"],
  ['a patched then', "Promise.prototype.then = () => {}; Promise.reject(new Error('no key'))"],
])('a rejection that nothing handles fails the run: %s', async (_, source) => {
  await expect(run(source)).rejects.toMatchObject({
    code: 'EZ_SCRIPT_FAILED',
    message: expect.stringContaining('Error: no key, in a promise that nothing waits for'),
  })
})

test('its line is told', async () => {
  await expect(run("\n\n;(async () => { throw new Error('no key') })()")).rejects.toMatchObject({
    details: { line: 3 },
  })
})

test.each<[string, string]>([
  ['at once', "Promise.reject(new Error('a')).catch(() => {})"],
  [
    'later',
    "const late = Promise.reject(new Error('a')); await null; await null; await late.catch(() => {})",
  ],
  ['by await', "try { await Promise.reject(new Error('a')) } catch {}"],
  ['by allSettled', 'await Promise.allSettled([Promise.reject(1), Promise.reject(2)])'],
  ['by race', 'await Promise.race([Promise.resolve(1), Promise.reject(2)])'],
])('one that is handled %s does not', async (_, source) => {
  expect(logOf(await run(`${source}; console.log('went on')`))).toEqual(['went on'])
})

test('a throw in a callback of fetch fails the run', async () => {
  const server = createServer((_, response) => response.end('{}'))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  try {
    const source = `fetch('http://${host}/').then(() => { throw new Error('no token') })`
    await expect(run(source, { options: { allow: { hosts: [host] } } })).rejects.toMatchObject({
      code: 'EZ_SCRIPT_FAILED',
      message: expect.stringContaining('no token'),
    })
  } finally {
    server.closeAllConnections()
    server.close()
  }
})
