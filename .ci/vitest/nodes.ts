import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** A Node of another version than the repository's own. */
export interface OtherNode {
  /** Such as 22. */
  readonly major: number
  /** Such as `22.23.3`; of one that is absent `22`. */
  readonly version: string
  readonly path: string
  /** `.ci/run` fetches them; without it the tests that need one are skipped. */
  readonly isPresent: boolean
}

/** The Nodes of the runtimes' engines. */
export const otherNodes: readonly OtherNode[] = [20, 22, 26].map((major) => {
  const folder = new URL(`../../apps/runtimes/engines/node_modules/node${major}/`, import.meta.url)
  const path = fileURLToPath(new URL('bin/node', folder))
  const isPresent = existsSync(path)
  const manifest = isPresent ? readFileSync(new URL('package.json', folder), 'utf8') : '{}'
  const { version = String(major) } = JSON.parse(manifest) as { version?: string }
  return { major, version, path, isPresent }
})
