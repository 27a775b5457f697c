import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { HttpResponse, http } from 'msw'
import { setupServer } from 'msw/node'
import { getGlobalDispatcher, MockAgent, setGlobalDispatcher } from 'undici'
import { MockAgent as EarlierMockAgent, setGlobalDispatcher as setEarlierDispatcher } from 'undici-7'
import { afterEach, expect, onTestFinished, test, vi } from 'vitest'
import { createClient } from '../../src/index.ts'
import { answer, startServer } from '../support/server.ts'

const template = { method: 'GET', url: 'https://api.example.com/orders' }
const earlier = Symbol.for('undici.globalDispatcher.1')
const globals = globalThis as unknown as Record<symbol, unknown>

afterEach(() => void vi.unstubAllGlobals())

test('a fetch that is given sends, for a client and for one send', async () => {
  const asked: string[] = []
  const own = (name: string) => async (url: unknown) => {
    asked.push(`${name} ${url}`)
    return new Response('own')
  }
  const client = createClient({ fetch: own('client') as typeof fetch })
  expect(await (await client.send(template)).text()).toBe('own')
  await client.send(template, { fetch: own('send') as typeof fetch })
  expect(asked).toEqual([`client ${template.url}`, `send ${template.url}`])
})

test('a runtime fetch that somebody replaced is used, whenever it was replaced', async () => {
  const client = createClient()
  const server = await startServer((_, response) => answer(response, 200, 'real'))
  expect(await (await client.send({ method: 'GET', url: server.url })).text()).toBe('real')
  vi.stubGlobal('fetch', async () => new Response('stubbed'))
  expect(await (await client.send(template)).text()).toBe('stubbed')
  vi.unstubAllGlobals()
  expect(await (await client.send({ method: 'GET', url: server.url })).text()).toBe('real')
})

test('msw intercepts', async () => {
  const mock = setupServer(http.get(template.url, () => HttpResponse.json({ mocked: true })))
  mock.listen()
  onTestFinished(() => mock.close())
  expect(await (await createClient().send(template)).json()).toEqual({ mocked: true })
})

test('a MockAgent of undici 8 that was made the global dispatcher intercepts', async () => {
  const before = getGlobalDispatcher()
  const mock = new MockAgent()
  mock.disableNetConnect()
  mock
    .get('https://api.example.com')
    .intercept({ path: '/orders' })
    .reply(200, { mocked: 8 }, { headers: { 'content-type': 'application/json', 'x-two': ['a', 'b'] } })
  setGlobalDispatcher(mock)
  onTestFinished(async () => {
    setGlobalDispatcher(before)
    await mock.close()
  })
  const response = await createClient().send(template)
  expect(response.headers.get('x-two')).toBe('a, b')
  expect(await response.json()).toEqual({ mocked: 8 })
})

test('a MockAgent of undici 7, under the runtime’s fetch, intercepts', async () => {
  const before = globals[earlier]
  const mock = new EarlierMockAgent()
  mock.disableNetConnect()
  mock.get('https://api.example.com').intercept({ path: '/orders' }).reply(200, { mocked: 7 })
  setEarlierDispatcher(mock)
  onTestFinished(async () => {
    globals[earlier] = before
    await mock.close()
  })
  expect(await (await createClient().send(template)).json()).toEqual({ mocked: 7 })
})

test('loading undici leaves a dispatcher alone that undici 7 put under the runtime’s fetch', () => {
  const loader = new URL('../../src/transport/dispatcher/load-undici.ts', import.meta.url).href
  // In a process of its own, where nobody has loaded undici 8.
  const script = `
    const { MockAgent, setGlobalDispatcher } = await import('undici-7')
    const own = new MockAgent()
    setGlobalDispatcher(own)
    const { loadUndici } = await import(${JSON.stringify(loader)})
    const loaded = (await loadUndici()) !== undefined
    console.log(loaded, globalThis[Symbol.for('undici.globalDispatcher.1')] === own)`
  const printed = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
    cwd: fileURLToPath(new URL('../..', import.meta.url)),
    encoding: 'utf8',
  })
  expect(printed.trim()).toBe('true true')
})
