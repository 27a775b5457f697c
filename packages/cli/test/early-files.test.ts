import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { ez, folder } from './support/ez.ts'

interface Early {
  readonly at: string
  readonly nonce: string
  readonly variables: Readonly<Record<string, string>>
  readonly cases: readonly {
    readonly page: string
    readonly file: string
    readonly files: Readonly<Record<string, string>>
    readonly prepared: unknown
  }[]
}

// The request files of the documentation when there were no flows, and what the build of that day made of them.
const early = JSON.parse(readFileSync(new URL('fixtures/early-files.json', import.meta.url), 'utf8')) as Early

it.each(early.cases.map((one) => [one.page, one.file, one] as const))(
  'a file of %s is prepared as it was by an early build: %s',
  async (_, file, { files, prepared }) => {
    const cwd = folder({ ...files, 'variables.json': JSON.stringify(early.variables) })
    const pinned = ['--at', early.at, '--nonce', early.nonce, '--vars', 'variables.json']
    const { code, stdout, stderr } = await ez(['sign', '--format', 'json', ...pinned, file], { cwd })
    expect(code, stderr).toBe(0)
    expect(JSON.parse(stdout)).toEqual(prepared)
  },
)
