// `turbo gen provider`: a new provider package, whole: it builds and passes its tests and the structure check.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { PlopTypes } from '@turbo/gen'
import type { Declared } from './declared.ts'
import { idPattern, writeChangeset, writePackage } from './provider-package.ts'

const schemes = [
  { name: 'HMAC in a header', value: 'hmac-header' },
  { name: 'HMAC in the query (a signed URL)', value: 'hmac-query' },
  { name: 'OAuth 1.0a kind', value: 'oauth1' },
  { name: 'token (OAuth 2.0)', value: 'token' },
  { name: 'a description in a file (declared)', value: 'declared' },
]

const isDeclared = ({ scheme }: { scheme?: string }): boolean => scheme === 'declared'
const isFile = (file: string): true | string => existsSync(file) || `There is no file ${file}.`

export default function generators(plop: PlopTypes.NodePlopAPI): void {
  plop.setGenerator('provider', {
    description: 'A new provider package',
    prompts: [
      {
        type: 'input',
        name: 'id',
        message: 'Id of the provider, such as acme-hmac (the package is @ez/<id>)',
        validate: (id: string) =>
          idPattern.test(id)
            ? !existsSync(join(plop.getDestBasePath(), 'packages', id)) || `packages/${id} exists.`
            : 'Lower-case words joined with "-".',
      },
      { type: 'list', name: 'scheme', message: 'Scheme', choices: schemes },
      {
        type: 'input',
        name: 'description',
        message: 'File of the description (YAML or JSON)',
        when: isDeclared,
        validate: isFile,
      },
      {
        type: 'input',
        name: 'vectors',
        message: 'File of its vectors (JSON)',
        when: isDeclared,
        validate: isFile,
      },
    ],
    actions: [
      async ({ id, scheme, description, vectors }) => {
        const root = plop.getDestBasePath()
        await writePackage(
          join(root, 'turbo/generators/templates'),
          join(root, 'packages', id),
          id,
          scheme,
          declaredOf(scheme, description, vectors),
        )
        await writeChangeset(join(root, '.changeset'), id)
        return `packages/${id}${format(root, id) ? '' : ': run pnpm format'}`
      },
      'Next: pnpm install, then docs/adding-a-provider.md.',
    ],
  })
}

function declaredOf(scheme: string, description: string, vectors: string): Declared | undefined {
  if (scheme !== 'declared') return undefined
  return { description: resolve(description), vectors: resolve(vectors) }
}

// A longer name wraps lines and sorts imports in another way.
function format(root: string, id: string): boolean {
  const { status } = spawnSync('biome', ['check', '--write', `packages/${id}`], {
    cwd: root,
    stdio: 'ignore',
  })
  return status === 0
}
