import { setTimeout } from 'node:timers/promises'
import { EzError } from '@ez/core'
import { afterEach, describe, expect, test } from 'vitest'
import cases from './escape-cases.json' with { type: 'json' }
import { run, shown } from './support.ts'

process.env.EZ_TEST_CANARY = 'canary-of-the-environment'

/** The next run, of a script that knows nothing of the one before, is clean. */
afterEach(async () => {
  const source =
    "[].concat(Object.getOwnPropertyNames(globalThis).filter((name) => /stolen|patched/.test(name)), crypto.sha256('', 'hex').slice(0, 8), 'a'.repeat(2), JSON.stringify([1])).join()"
  expect(await shown(source)).toBe('e3b0c442,aa,[1]')
})

describe('there is no way out', () => {
  test.each(cases.closed)('%s', async (expression) => {
    expect((await shown(expression)).replaceAll(/undefined|function/g, '')).toBe('')
  })

  test.each(cases.failing)('%s', async (source) => {
    await expect(run(source)).rejects.toMatchObject({ code: 'EZ_SCRIPT_FAILED' })
  })

  test('nothing of the host is in sight', async () => {
    const source = `
      const seen = new Set()
      const found = []
      const walk = (value, path) => {
        if ((typeof value !== 'object' && typeof value !== 'function') || value === null || seen.has(value) || path.length > 8) return
        seen.add(value)
        for (const key of Reflect.ownKeys(value)) {
          let inner
          try { inner = value[key] } catch { continue }
          if (typeof inner === 'string' && /canary|\\/home|\\/root|node:|file:\\/\\//.test(inner)) found.push([...path, String(key)].join('.'))
          walk(inner, [...path, String(key)])
        }
        walk(Object.getPrototypeOf(value), [...path, '__proto__'])
      }
      walk(globalThis, [])
      try { crypto.hash('none', '') } catch (error) { walk(error, ['error']); walk({ stack: error.stack }, ['stack']) }
      console.log(found.length, seen.size > 100)
    `
    const prepared = await run(source)
    expect(prepared.trace.find(({ id }) => id === 'log')?.value).toBe('0 true')
  })

  test('what it publishes and sets is data', async () => {
    const before = Object.getOwnPropertyNames(Object.prototype).length
    const prepared = await run(`
      request.setBody({ json: JSON.parse('{"__proto__": {"polluted": true}, "constructor": 1}') })
      publish('safe', JSON.parse('{"__proto__": {"polluted": true}}'))
    `)
    expect(new TextDecoder().decode(prepared.body as Uint8Array)).toContain('__proto__')
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined()
    expect(Object.getOwnPropertyNames(Object.prototype).length).toBe(before)
    for (const name of ['__proto__', 'constructor', 'today'])
      await run(`publish(${JSON.stringify(name)}, 'x')`).catch((error: unknown) =>
        expect(EzError.isInstance(error)).toBe(true),
      )
    for (const source of [
      'variables.__proto__',
      'variables.constructor.constructor("return typeof process")()',
      'context.runtime("__proto__")',
    ])
      expect(await shown(source)).not.toContain('object Process')
  })
})

describe('what does not stop is stopped, and the host stays awake', () => {
  const limits = { options: { timeoutMs: 100, memoryMb: 16 } }
  const stopped = /^EZ_(SCRIPT_(TIMEOUT|MEMORY|OUTPUT|FAILED|VALUE)|HEADER_INVALID|BODY_INVALID)$/

  test.each<[string, string]>(cases.stopping as [string, string][])('%s', async (_, source) => {
    const ended = run(source, limits).catch((thrown: unknown) => thrown)
    const first = await Promise.race([ended.then(() => 'script'), setTimeout(1, 'host')])
    const error = await ended
    // A log that is cut and a chain that is merely long are no failure.
    if (error instanceof Error) expect((error as EzError).code).toMatch(stopped)
    if ((error as EzError).code === 'EZ_SCRIPT_TIMEOUT') expect(first).toBe('host')
  })
})

describe('a run leaves nothing to the next', () => {
  test.each(cases.patching)('%s', async (source) => {
    await run(source).catch((error: unknown) => expect((error as EzError).code).toBe('EZ_SCRIPT_FAILED'))
  })

  test('runs at the same time share nothing', async () => {
    const own = Array.from({ length: 12 }, (_, index) =>
      shown(`(globalThis.own ??= ${index}, await Promise.resolve(), globalThis.own)`),
    )
    expect(await Promise.all(own)).toEqual(own.map((_, index) => String(index)))
  })

  test('no random number comes twice', async () => {
    const values = await Promise.all(
      Array.from({ length: 20 }, () =>
        shown('Math.random(), crypto.randomUUID(), crypto.getRandomValues(new Uint8Array(8))'),
      ),
    )
    expect(new Set(values.flatMap((value) => value.split(' '))).size).toBe(60)
  })
})
