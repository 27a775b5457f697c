import { cpSync, mkdirSync, readFileSync, realpathSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Puts this package into a folder as it is packed (its `files`), with what it depends on; where its entry is. */
export function installPackage(folder: string): string {
  const { files } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { files: string[] }
  const target = join(folder, 'node_modules', '@ez', 'javascript')
  mkdirSync(target, { recursive: true })
  for (const name of [...files, 'package.json'])
    cpSync(join(root, name), join(target, name), { recursive: true })
  for (const name of ['@ez/core', 'quickjs-wasi']) link(folder, name)
  return join(target, 'dist', 'index.js')
}

function link(folder: string, name: string): void {
  const place = join(folder, 'node_modules', name)
  mkdirSync(dirname(place), { recursive: true })
  symlinkSync(realpathSync(join(root, 'node_modules', name)), place, 'junction')
}
