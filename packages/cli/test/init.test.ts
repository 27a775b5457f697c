import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Provider } from '@ez/core'
import { Ajv } from 'ajv'
import { expect, it } from 'vitest'
import { parse } from 'yaml'
import { vendorStarts } from '../src/init/vendor-starts.ts'
import { startProgress } from '../src/output/progress.ts'
import { ez, folder } from './support/ez.ts'

it('writes what an installed provider requires, so that only values are missing', async () => {
  const manifest = {
    name: 'ez-keyed',
    version: '1.0.0',
    keywords: ['ez-provider'],
    type: 'module',
    exports: './index.js',
  }
  const options = {
    type: 'object',
    required: ['algorithm', 'credentials', 'regionSet'],
    properties: {
      algorithm: { enum: ['one', 'two'] },
      credentials: {
        type: 'object',
        required: ['accessKeyId'],
        properties: { accessKeyId: { type: 'string' }, more: { type: 'string' } },
      },
      regionSet: { oneOf: [{ type: 'string' }, { type: 'array' }] },
      label: { type: 'string' },
    },
  }
  const cwd = folder({
    'node_modules/ez-keyed/package.json': JSON.stringify(manifest),
    'node_modules/ez-keyed/index.js': `export const provider = { id: 'keyed', options: ${JSON.stringify(options)}, create: () => ({ specVersion: 1, id: 'keyed', run() {} }) }`,
  })
  expect(
    (await ez(['init', '--provider', 'ez-keyed', '--out', 'in.yaml', '--allow', 'packages'], { cwd })).code,
  ).toBe(0)
  const value = parse(readFileSync(join(cwd, 'in.yaml'), 'utf8'))
  expect(value.preRequest).toEqual([
    {
      use: 'ez-keyed',
      with: {
        algorithm: 'one',
        credentials: { accessKeyId: '{{access_key_id}}' },
        regionSet: '{{region_set}}',
      },
    },
  ])
  expect(value.secrets).toEqual(['access_key_id', 'region_set'])
  const { code } = await ez(
    ['lint', 'in.yaml', '--var', 'access_key_id=a', '--var', 'region_set=b', '--allow', 'packages'],
    { cwd },
  )
  expect(code).toBe(0)
})

it.each(vendorStarts.map((start) => [start.use, start] as const))(
  'writes a first request for %s that its provider takes as it is',
  async (use, { value }) => {
    const cwd = folder({})
    expect((await ez(['init', '--provider', use, '--out', 'in.yaml'], { cwd })).code).toBe(0)
    const written = parse(readFileSync(join(cwd, 'in.yaml'), 'utf8'))
    expect(written.preRequest).toEqual(value.preRequest)
    const { provider } = (await import(`../../${use.slice('@ez/'.length)}/src/index.ts`)) as {
      provider: Provider
    }
    const options = written.preRequest[0].with as Record<string, string>
    expect(new Ajv({ strict: false }).validate(provider.options, options)).toBe(true)
    const used =
      JSON.stringify(written)
        .match(/\{\{(\w+)\}\}/g)
        ?.map((token) => token.slice(2, -2)) ?? []
    expect([...Object.keys(written.variables ?? {}), ...written.secrets].sort()).toEqual(
      [...new Set(used)].sort(),
    )
  },
)

it.each([
  ['init', '--provider', 'none', '--out', 'none/a.yaml'],
  ['init', '--provider', 'none', '--out', '.'],
  ['import', 'curl', 'curl https://a.example', '--out', '.'],
  ['import', 'curl', 'curl https://a.example', '--out', 'file/a.yaml'],
])('calls a place that cannot be written wrong input: %j', async (...args) => {
  const { code, stderr } = await ez(args, { cwd: folder({ file: '' }) })
  expect([code, stderr]).toEqual([2, expect.stringContaining('[EZ_USAGE]')])
})

it.each([30, 45, 200])('keeps the progress bar on one line of %d columns', async (columns) => {
  const { stderr } = process
  const kept = { write: stderr.write, isTTY: stderr.isTTY, columns: stderr.columns, TERM: process.env.TERM }
  let text = ''
  const write = (part: string): boolean => {
    text += part
    return true
  }
  Object.assign(stderr, { isTTY: true, columns, write })
  process.env.TERM = 'xterm'
  try {
    const progress = await startProgress(async () => 10_000)
    progress.step()
    progress.end()
  } finally {
    Object.assign(stderr, kept)
    if (kept.TERM === undefined) delete process.env.TERM
    else process.env.TERM = kept.TERM
  }
  const lines = text.replace(/\u001b\[[0-9;]*[A-Za-z]/g, '').split(/[\r\n]/)
  expect(lines.at(-2)).toMatch(/^━* 1 of 10000$/)
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(columns)
})
