import { expect, test } from 'vitest'
import { logOf, run, shown } from './support.ts'

// One script several times: from the second run on, its bytecode is at hand.
async function times(count: number, source: string): Promise<string[]> {
  const lines: string[] = []
  for (let index = 0; index < count; index += 1) lines.push(logOf(await run(source)).join())
  return lines
}

test('a module starts anew in every run', async () => {
  const source = `
    let count = 0
    globalThis.runs = (globalThis.runs ?? 0) + 1
    export default () => { count += 1; console.log(count, globalThis.runs, Object.keys(globalThis).join()) }
  `
  expect(await times(4, source)).toEqual(Array(4).fill('1 1 runs'))
})

test('a module that fails tells its line in every run', async () => {
  const source = "// a comment\nexport default () => {\n  if (variables.fails) throw new TypeError('no')\n}\n"
  const failing = { context: { variables: { fails: true } } }
  for (let index = 0; index < 3; index += 1) {
    await run(source, { context: { variables: { fails: false } } })
    await expect(run(source, failing)).rejects.toMatchObject({
      code: 'EZ_SCRIPT_FAILED',
      message: expect.stringContaining('line 3: TypeError: no'),
      details: { line: 3 },
    })
  }
})

test('a module is stopped in every run', async () => {
  const source =
    "export default () => { if (variables.what === 'loop') for (;;) try { for (;;); } catch {} if (variables.what === 'bomb') { const all = []; for (;;) all.push('x'.repeat(1e5) + all.length) } }"
  const doing = (what: string): Promise<unknown> =>
    run(source, { options: { timeoutMs: 100, memoryMb: 16 }, context: { variables: { what } } })
  for (let index = 0; index < 2; index += 1) {
    await doing('nothing')
    await expect(doing('loop')).rejects.toMatchObject({ code: 'EZ_SCRIPT_TIMEOUT' })
    await doing('nothing')
    await doing('nothing')
    await expect(doing('bomb')).rejects.toMatchObject({
      code: expect.stringMatching(/^EZ_SCRIPT_(TIMEOUT|MEMORY)$/),
    })
  }
})

test('scripts of one name and another text are not taken for one another', async () => {
  for (let index = 0; index < 24; index += 1) {
    const source = `export default () => console.log(${index % 12})`
    expect(await times(1, source)).toEqual([String(index % 12)])
  }
})

test('modules and plain code alternate', async () => {
  for (let index = 0; index < 3; index += 1) {
    expect(await times(2, 'export default () => console.log("module")')).toEqual(['module', 'module'])
    expect(await times(2, 'var own = 1; console.log(typeof own)')).toEqual(['number', 'number'])
    expect(await shown('typeof own')).toBe('undefined')
  }
})

test('a script that takes everything apart leaves the next one whole', async () => {
  const apart = `
    const seen = new Set()
    const queue = [globalThis, Object.prototype, Function.prototype, request, context, crypto, console, URL, URLSearchParams]
    while (queue.length > 0) {
      const value = queue.pop()
      if ((typeof value !== 'object' && typeof value !== 'function') || value === null || seen.has(value)) continue
      seen.add(value)
      for (const key of Reflect.ownKeys(value)) {
        const property = Reflect.getOwnPropertyDescriptor(value, key)
        queue.push(property.value, property.get, property.set)
        if (key !== 'Reflect') try { Reflect.deleteProperty(value, key) } catch {}
      }
    }
  `
  const whole = `
    const url = new URL('https://a.example/b?c=1')
    url.searchParams.append('d', '2')
    request.headers.set('x-a', crypto.hmac('sha256', 'k', 'd', 'hex').slice(0, 8))
    console.log(String(url), request.headers.get('x-a'), request.method, [...request.query].join(), atob(btoa('x')),
      new TextDecoder().decode(new TextEncoder().encode('ä')), typeof context.now().getTime(), Math.random() < 1)
  `
  const [expected] = await times(1, whole)
  for (let index = 0; index < 5; index += 1) {
    await run(apart).catch(() => undefined)
    expect(await times(2, whole)).toEqual([expected, expected])
  }
})

test('what a script kept in memory is not in the next run', async () => {
  await run(
    "globalThis.kept = Array.from({ length: 20000 }, (_, index) => ({ index, text: 'canary' + index }))",
  )
  const grown = await shown(
    '(() => { const all = []; for (let i = 0; i < 2000; i += 1) all.push(new Uint8Array(1000)); return all.some((bytes) => bytes.some((byte) => byte !== 0)) })()',
  )
  expect(grown).toBe('false')
})
