import { EzError } from '@ez/core'
import { afterEach, describe, expect, test } from 'vitest'
import { run, shown } from './support.ts'

process.env.EZ_TEST_CANARY = 'canary-of-the-environment'

/** The next run, of a script that knows nothing of the one before, is clean. */
afterEach(async () => {
  const source =
    "[].concat(Object.getOwnPropertyNames(globalThis).filter((name) => /stolen|patched/.test(name)), crypto.sha256('', 'hex').slice(0, 8), 'a'.repeat(2), JSON.stringify([1])).join()"
  expect(await shown(source)).toBe('e3b0c442,aa,[1]')
})

describe('there is no way out', () => {
  test.each([
    'typeof process + typeof require + typeof module + typeof global + typeof Buffer + typeof fetch + typeof WebSocket + typeof XMLHttpRequest + typeof Deno + typeof Bun + typeof Worker + typeof WebAssembly + typeof setTimeout + typeof importScripts + typeof std + typeof os',
    "(() => {}).constructor.constructor('return typeof process + typeof require')()",
    "request.headers.get.constructor('return typeof process')()",
    "crypto.sha256.constructor.constructor('return typeof process')()",
    "await (async () => {}).constructor('return typeof process')()",
    "Object.getPrototypeOf(function* () {}).constructor('return typeof process')().next().value",
    "new Function('return typeof globalThis.process')()",
    "(0, eval)('typeof process')",
    "Reflect.construct(Function, ['return typeof process'])()",
    "typeof context.publish.constructor('return this')().process",
    "(() => { try { null.x } catch (error) { return typeof error.constructor.constructor('return process') } })()",
    "(() => { try { crypto.hash('none', '') } catch (error) { return error.constructor.constructor('return typeof process')() } })()",
  ])('%s', async (expression) => {
    expect((await shown(expression)).replaceAll(/undefined|function/g, '')).toBe('')
  })

  test.each([
    "await import('node:fs')",
    "await import('fs')",
    "await import('/etc/passwd')",
    "await import('file:///etc/passwd')",
    "await import('https://example.com/a.js')",
    "await import('data:text/javascript,export default 1')",
    "import fs from 'node:fs'\nfs.readFileSync('/etc/passwd')",
    "import * as os from 'os'\nos.exec(['id'])",
    "import * as std from 'std'\nstd.open('/etc/passwd')",
    "export { default } from 'node:child_process'",
    "require('child_process').execSync('id')",
    'process.exit(1)',
    'process.kill(process.pid)',
    "fetch('http://127.0.0.1/')",
    "new WebSocket('ws://127.0.0.1/')",
    'await context.fetch("http://127.0.0.1/")',
    'new Worker("x")',
    'setTimeout(() => {})',
  ])('%s', async (source) => {
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
  const stopped = /^EZ_SCRIPT_(TIMEOUT|MEMORY|OUTPUT|FAILED)$/

  test.each<[string, string]>([
    ['an endless loop', 'for (;;) {}'],
    ['one that swallows every error', 'for (;;) { try { for (;;) {} } catch {} finally { continue } }'],
    ['an endless chain of promises', 'const again = () => Promise.resolve().then(again); await again()'],
    ['an endless generator', 'for (const _ of (function* () { for (;;) yield })());'],
    [
      'a getter that loops while it is read as an error',
      'throw { get message() { for (;;) {} }, get name() { for (;;) {} } }',
    ],
    ['a loop in toJSON', "publish('a', { toJSON() { for (;;) {} } })"],
    ['a loop in toString', 'request.headers.set({ toString() { for (;;) {} } }, 1)'],
    ['a regular expression that explodes', "/^(a+)+$/.test('a'.repeat(40) + 'b')"],
    ['a search inside the engine', "'a'.repeat(1e6).indexOf('a'.repeat(5e5) + 'b')"],
    ['a walk inside the engine', 'Array.prototype.indexOf.call({ length: 2 ** 53 - 1 }, 1)'],
    ['a sparse array', 'new Array(2 ** 32 - 1).includes(1)'],
    ['large numbers', 'let n = 3n; for (;;) n = n * n % (1n << 100000n) + n'],
    ['a memory bomb of strings', "const all = []; for (;;) all.push('x'.repeat(1e5) + all.length)"],
    ['one of arrays', 'const all = []; for (;;) all.push(new Uint8Array(1e6))'],
    [
      'one that catches',
      'const all = []; for (;;) try { all.push(new Array(1e4).fill(all.length)) } catch {}',
    ],
    [
      'one of bytes of the host',
      "const all = []; for (;;) all.push(new TextEncoder().encode('x'.repeat(1e5)))",
    ],
    ['one of random bytes', 'const all = []; for (;;) all.push(crypto.sha512(new Uint8Array(1e6)))'],
    ['an output bomb', "for (;;) request.headers.append('x-a', 'x')"],
    ['an output bomb of large values', "const large = 'x'.repeat(1e6); for (;;) publish('a', large)"],
    ['one that catches what stops it', "for (;;) try { publish('a', 1) } catch {}"],
    ['bodies without end', "for (;;) request.setBody({ text: 'x'.repeat(1e6) })"],
    ['a log without end', "for (;;) console.log('x'.repeat(1000))"],
    ['deep recursion', '(function deeper() { deeper() })()'],
    [
      'deep recursion through the host',
      '(function deeper() { try { crypto.sha1({ get byteLength() { deeper() } }) } finally { deeper() } })()',
    ],
    ['deep JSON', "JSON.parse('['.repeat(1e6))"],
    ['a deep regular expression', "new RegExp('('.repeat(1e5))"],
    ['deep source', "eval('('.repeat(1e6))"],
    [
      'a deep chain of proxies',
      'let proxy = {}; for (let i = 0; i < 1e5; i += 1) proxy = new Proxy(proxy, {}); proxy.x',
    ],
    [
      'a deep prototype chain',
      'let chain = {}; for (let i = 0; i < 1e6; i += 1) chain = Object.create(chain); chain.x',
    ],
    ['a sort that never ends', '[3, 1, 2].sort(() => { for (;;) {} })'],
  ])('%s', async (_, source) => {
    let ticks = 0
    const ticker = setInterval(() => {
      ticks += 1
    }, 20)
    const error = await run(source, limits).catch((thrown: unknown) => thrown)
    clearInterval(ticker)
    // A log that is cut and a chain that is merely long are no failure.
    if (error instanceof Error) expect((error as EzError).code).toMatch(stopped)
    if ((error as EzError).code === 'EZ_SCRIPT_TIMEOUT') expect(ticks).toBeGreaterThan(0)
  })
})

describe('a run leaves nothing to the next', () => {
  test.each([
    'globalThis.stolen = 1',
    'patchedGlobal = 1',
    "crypto.sha256 = () => 'patched'",
    "crypto.hmac = (...values) => { globalThis.stolen = values; return 'patched' }",
    "JSON.stringify = () => 'patched'; JSON.parse = () => ({})",
    "Array.prototype.join = () => 'patched'; Object.prototype.stolen = 1; String.prototype.repeat = () => 'patched'",
    "Promise.prototype.then = () => { throw new Error('patched') }",
    'Object.defineProperty = Object.freeze(globalThis)',
    'delete globalThis.crypto; delete globalThis.JSON; delete globalThis.Object',
    "Object.defineProperty(Array.prototype, Symbol.iterator, { get() { throw 'patched' } })",
  ])('%s', async (source) => {
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
