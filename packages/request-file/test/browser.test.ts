import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { runInNewContext } from 'node:vm'
import { build } from 'esbuild'
import { expect, it } from 'vitest'

const source = fileURLToPath(new URL('../src/', import.meta.url))
const entries = [
  'index.ts',
  ...readdirSync(source)
    .filter((name) => !name.endsWith('.ts'))
    .map((name) => `${name}/index.ts`),
]

it('bundles for browsers without a builtin of Node, and reads there', async () => {
  const readable = entries.filter((entry) => !/^(?:imported|model|source)\//.test(entry))
  const { outputFiles, warnings } = await build({
    stdin: {
      contents: readable.map((entry, index) => `export * as entry${index} from './${entry}'`).join('\n'),
      resolveDir: source,
      loader: 'ts',
    },
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'readers',
    platform: 'browser',
    conditions: ['browser'],
    // Browsers resolve #crypto by its condition.
    tsconfigRaw: '{}',
  })
  expect(warnings).toEqual([])
  const text = outputFiles[0]?.text as string
  // What only browsers have, and nothing of Node: a `process` or `Buffer` that is asked for would throw.
  const browser = { TextEncoder, TextDecoder, URL, URLSearchParams, Uint8Array, btoa, atob, crypto, console }
  const context = { ...browser, globalThis: browser, self: browser }
  const url = runInNewContext(
    `${text}\n;readers.entry${readable.indexOf('curl/index.ts')}.readCurl("curl -u a:é https://a.example/ -d x=1")[0].request`,
    context,
  ) as { headers: Record<string, string> }
  expect(url.headers.authorization).toBe(`Basic ${Buffer.from('a:é').toString('base64')}`)
  expect(
    runInNewContext(
      `${text}\n;readers.entry0.readRequestFile('{ method: GET, url: "https://a.example" }').requests[0].url`,
      context,
    ),
  ).toBe('https://a.example')
})
