import { createHash } from 'node:crypto'
import type { Plugin } from 'vite'

const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`

/**
 * Writes the Content-Security-Policy into the finished page: its own script and styles by their hashes, and nothing else.
 *
 * It comes after the plugin that puts script and styles into the page.
 */
export function closePage(): Plugin {
  return {
    name: 'close-page',
    enforce: 'post',
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        const page = bundle['index.html']
        if (page?.type !== 'asset') throw new Error('There is no index.html in the bundle.')
        const html = String(page.source)
        const inside = (pattern: RegExp): string[] => [...html.matchAll(pattern)].map(([, text = '']) => text)
        const scripts = inside(/<script type="module"[^>]*>([\s\S]*?)<\/script>/g)
        const styles = inside(/<style[^>]*>([\s\S]*?)<\/style>/g)
        if (scripts.length !== 1 || styles.length !== 1)
          throw new Error(
            `The page has ${scripts.length} scripts and ${styles.length} styles, and must have one of each.`,
          )
        const policy = [
          "default-src 'none'",
          "connect-src 'none'",
          `script-src ${scripts.map(hashOf).join(' ')}`,
          `style-src ${styles.map(hashOf).join(' ')}`,
          'img-src data:',
          "base-uri 'none'",
          "form-action 'none'",
        ].join('; ')
        const meta = `<meta http-equiv="Content-Security-Policy" content="${policy}" />`
        page.source = html.replace('<meta charset="utf-8" />', (charset) => `${charset}\n    ${meta}`)
      },
    },
  }
}
