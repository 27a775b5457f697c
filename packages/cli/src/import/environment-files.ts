import { basename, dirname, join } from 'node:path'
import { isSecretName, literal } from '@ez/request-file'
import { stringify } from 'yaml'
import type { Environment } from './read.ts'

/** A file of variables that an import writes. */
export interface EnvironmentFile {
  readonly path: string
  readonly text: string
}

/**
 * The files of variables for `--env-out`: credentials and what all environments share in the file itself, each
 * environment in one of its own beside it (`ez.env.yaml`, `ez.env.staging.yaml`).
 */
export function environmentFiles(
  out: string,
  credentials: Readonly<Record<string, string>>,
  environments: readonly Environment[],
): EnvironmentFile[] {
  const named = new Map<string, Record<string, unknown>>([['', {}]])
  for (const [name, value] of Object.entries(credentials))
    (named.get('') as Record<string, unknown>)[name] = hidden(value)
  for (const { name, variables } of environments) {
    const values = named.get(slug(name)) ?? {}
    named.set(slug(name), values)
    for (const [key, value] of Object.entries(variables))
      values[key] = isSecretName(key) && value !== '' ? { secret: value } : value
  }
  return [...named]
    .filter(([name, values]) => name === '' || Object.keys(values).length > 0)
    .map(([name, values]) => ({
      path: pathOf(out, name),
      text: `${head}${stringify(values, { lineWidth: 0 })}`,
    }))
}

const head = '# Variables of an import, credentials among them: keep this file to yourself.\n'

// What a credential holds is no token.
const hidden = (value: string): { secret: string } => ({ secret: literal(value) })

const slug = (name: string): string =>
  name
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-|-$/g, '')
    .toLowerCase()

function pathOf(out: string, name: string): string {
  if (name === '') return out
  const [, stem = basename(out), extension = '.yaml'] = /^(.*?)(\.ya?ml|\.json)?$/i.exec(basename(out)) ?? []
  return join(dirname(out), `${stem}.${name}${extension}`)
}
