import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const folder = process.env.EZ_VECTORS ?? `${root}../shared/vectors`

/** A file of published vectors; `undefined` where the folder is absent. */
export function readPublished<File>(name: string): File | undefined {
  const path = `${folder}/${name}`
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as File) : undefined
}

/** The lines of a published file of JSON, one value each; none where the folder is absent. */
export function publishedLines<Line>(name: string): Line[] {
  const path = `${folder}/${name}`
  if (!existsSync(path)) return []
  const lines = readFileSync(path, 'utf8').split('\n')
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Line)
}
