import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const folder = process.env.EZ_VECTORS ?? `${root}../shared/vectors`

/** A file of published vectors; `undefined` where the folder is absent. */
export function readPublished<File>(name: string): File | undefined {
  const path = `${folder}/${name}`
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as File) : undefined
}
