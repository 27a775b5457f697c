import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Plugin } from 'vite'

/** Writes the licences of everything that the page holds beside it, as they ask. */
export function writeNotices(): Plugin {
  return {
    name: 'write-notices',
    generateBundle(_options, bundle) {
      const packages = new Map<string, string>()
      for (const chunk of Object.values(bundle))
        if (chunk.type === 'chunk')
          for (const id of chunk.moduleIds) {
            const [, path, name] =
              /^(.*\/node_modules\/((?:@[^/]+\/)?[^/]+))\//.exec(id.replaceAll('\\', '/')) ?? []
            if (path !== undefined && name !== undefined) packages.set(name, path)
          }
      const notices = [...packages].sort().map(([name, path]) => noticeOf(name, path))
      this.emitFile({
        type: 'asset',
        fileName: 'NOTICES.txt',
        source: notices.join(`\n${'-'.repeat(72)}\n\n`),
      })
    },
  }
}

function noticeOf(name: string, path: string): string {
  const { version, license } = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8')) as Record<
    string,
    string
  >
  const file = readdirSync(path).find((entry) => /^licen[cs]e/i.test(entry))
  if (file === undefined) throw new Error(`${name} has no licence file.`)
  return `${name} ${version} (${license})\n\n${readFileSync(join(path, file), 'utf8').trim()}\n`
}
