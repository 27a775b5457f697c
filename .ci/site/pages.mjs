import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'

/** The row of an error in docs/errors.md. */
const errorRow = /^\| `(EZ_[A-Z0-9_]+)` \|/gm

/** The pages of the site: path in the repository → path in the site. @returns {Map<string, string>} */
export function pages() {
  const found = new Map([['README.md', 'start.md']])
  if (existsSync('CONTRIBUTING.md')) found.set('CONTRIBUTING.md', 'contributing.md')
  for (const entry of readdirSync('docs', { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
    if (entry.isFile() && path.endsWith('.md')) found.set(path, path.slice('docs/'.length))
  }
  for (const name of readdirSync('packages'))
    if (existsSync(join('packages', name, 'README.md')))
      found.set(join('packages', name, 'README.md'), `packages/${name}.md`)
  for (const name of readdirSync('apps'))
    if (existsSync(join('apps', name, 'README.md')))
      found.set(join('apps', name, 'README.md'), `apps/${name}.md`)
  return found
}

/**
 * The texts of the pages as the site shows them, by their paths in the site. A link to another page leads to it on the
 * site; one to a file that is no page becomes its text.
 * @returns {Map<string, string>}
 */
export function contentOf() {
  const all = pages()
  const shown = new Map()
  for (const [page, target] of all) {
    let text = readFileSync(page, 'utf8')
    for (const link of linksOf(text)) {
      if (/^[a-z]+:|^#/.test(link.target)) continue
      const { path, anchor } = repositoryPath(page, link.target)
      const to = all.get(path)
      const address = `/${to?.replace(/(?:index)?\.md$/, '')}${anchor === undefined ? '' : `#${anchor}`}`
      text = text.replace(link.whole, to === undefined ? link.text : `[${link.text}](${address})`)
    }
    shown.set(target, literal(target === 'errors.md' ? withAddresses(text) : withInspector(target, text)))
  }
  return shown
}

/** A text whose `{{names}}` VitePress leaves alone. @param {string} text */
export function literal(text) {
  return `::: v-pre\n\n${text}\n\n:::\n`
}

/** Under the title of a provider's page: its example in the inspector. @param {string} target @param {string} text */
function withInspector(target, text) {
  const [, provider] = /^providers\/([\w-]+)\.md$/.exec(target) ?? []
  // Tokens are no signatures, and have no example.
  if (provider === undefined || provider === 'oauth2') return text
  const link = `<a href="/inspector.html#example=${provider}" target="_self">Open an example in the inspector</a>`
  return text.replace(
    /^# .+$/m,
    (title) => `${title}\n\n${link}, or paste your own request there: nothing leaves the page.`,
  )
}

/** Every error code gets an address of its own: /errors#EZ_URL_HOST. @param {string} text */
function withAddresses(text) {
  return text.replace(errorRow, '| <a class="code" id="$1" href="#$1"><code>$1</code></a> |')
}

/** A link in a page. @typedef {{ text: string, target: string, whole: string, line: number }} Link */

/** The links of a page, outside code. @param {string} text @returns {Link[]} */
export function linksOf(text) {
  const blank = (/** @type {string} */ code) => code.replace(/[^\n]/g, ' ')
  const prose = text.replace(/^ *```.*?^ *```/gms, blank).replace(/`[^`\n]*`/g, blank)
  return [...prose.matchAll(/\[([^\]]*)\]\(([^)\s]+)\)/g)].map(({ index, 0: whole }) => {
    // The text may hold code, which is blank in the prose.
    const original = text.slice(index, index + whole.length)
    const [, label = '', target = ''] = /\[([^\]]*)\]\(([^)\s]+)\)/.exec(original) ?? []
    return { text: label, target, whole: original, line: prose.slice(0, index).split('\n').length }
  })
}

/** Links in other forms, which the site would not follow. @param {string} text @returns {string[]} */
export function otherLinksOf(text) {
  const prose = text.replace(/^ *```.*?^ *```/gms, '').replace(/`[^`\n]*`/g, '')
  return [...prose.matchAll(/^ *\[[^\]]+\]: \S+|<(?:a|img)\b[^>]*>/gm)].map(([link]) => link.trim())
}

/** Where a relative link leads, in the repository. @param {string} page @param {string} target */
export function repositoryPath(page, target) {
  const [path = '', anchor] = target.split('#')
  return { path: path === '' ? page : normalize(join(dirname(page), path)).replace(/\/$/, ''), anchor }
}

/** The anchors of a page, as GitHub and VitePress make them. @param {string} file */
export function anchorsOf(file) {
  const text = readFileSync(file, 'utf8').replace(/^ *```.*?^ *```/gms, '')
  const headings = [...text.matchAll(/^#{1,6} (.+)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replace(/\s/g, '-'),
  )
  const codes = file.endsWith('errors.md') ? [...text.matchAll(errorRow)].map(([, code = '']) => code) : []
  return new Set([...headings, ...codes])
}
