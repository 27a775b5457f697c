import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../../../', import.meta.url))

/** Published vectors that are not part of the repository. */
export const vectors: string = resolve(root, process.env.EZ_VECTORS ?? '../shared/vectors')

/** A file or folder of the published vectors, or `undefined` with a line that says so. */
export function publishedVectors(name: string): string | undefined {
  const path = join(vectors, name)
  if (existsSync(path)) return path
  console.log(`aws-sigv4 ${name}: absent, 0 run (set EZ_VECTORS)`)
  return undefined
}
