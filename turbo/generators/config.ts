// `turbo gen provider`: a new provider package, whole: it builds and passes its tests and the structure check.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { PlopTypes } from '@turbo/gen'
import { idPattern, writeChangeset, writePackage } from './provider-package.ts'

const schemes = [
  { name: 'HMAC in a header', value: 'hmac-header' },
  { name: 'HMAC in the query (a signed URL)', value: 'hmac-query' },
  { name: 'OAuth 1.0a kind', value: 'oauth1' },
  { name: 'token (OAuth 2.0)', value: 'token' },
]

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
    ],
    actions: [
      async ({ id, scheme }) => {
        const root = plop.getDestBasePath()
        await writePackage(join(root, 'turbo/generators/templates'), join(root, 'packages', id), id, scheme)
        await writeChangeset(join(root, '.changeset'), id)
        return `packages/${id}${format(root, id) ? '' : ': run pnpm format'}`
      },
      'Next: pnpm install, then docs/adding-a-provider.md.',
    ],
  })
}

// A longer name wraps lines and sorts imports in another way.
function format(root: string, id: string): boolean {
  const { status } = spawnSync('biome', ['check', '--write', `packages/${id}`], {
    cwd: root,
    stdio: 'ignore',
  })
  return status === 0
}
