import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * The groups of the sidebar, by the path that a reader takes. A group holds pages, or all pages of a folder.
 * @type {[title: string, pages: string[]][]}
 */
const groups = [
  ['Start', ['start', 'recipes/']],
  ['Concepts', ['concepts', 'scripts', 'client', 'bridges', 'errors', 'refusals']],
  ['Providers', ['providers/', 'declared-signatures', 'adding-a-provider']],
  ['Files and the ez command', ['cli', 'commands']],
  ['Flows', ['flows']],
  ['Many machines', ['many-machines', 'queue']],
  ['Migration', ['migration/', 'changes']],
  ['Packages', ['packages/']],
  ['Reference', ['reference/index']],
  ['Project', ['contributing', 'releasing', 'decisions/', 'apps/']],
]

/** The configuration of VitePress, as a module. @param {string} content the folder of the pages */
export function configurationOf(content) {
  const { version } = JSON.parse(readFileSync('packages/core/package.json', 'utf8'))
  const repository = process.env.GITHUB_REPOSITORY
  const configuration = {
    title: '@ez',
    description: 'Signs and prepares HTTP requests for integrations, and shows every step',
    cleanUrls: true,
    lang: 'en',
    head: [
      ['link', { rel: 'icon', href: '/mark.svg', type: 'image/svg+xml' }],
      ['meta', { property: 'og:title', content: '@ez' }],
      [
        'meta',
        {
          property: 'og:description',
          content: 'What is signed is what is sent. Nothing is hidden. It fails closed.',
        },
      ],
      ['meta', { property: 'og:image', content: '/card.png' }],
      ['meta', { name: 'theme-color', content: '#0f766e' }],
    ],
    themeConfig: {
      logo: { src: '/mark.svg', alt: '' },
      nav: [
        { text: 'Start', link: '/start' },
        { text: 'Providers', link: '/providers/aws-sigv4' },
        { text: 'Errors', link: '/errors' },
        { text: 'Inspector', link: '/inspector.html', target: '_self' },
        { text: `v${version}`, link: '/releasing' },
      ],
      socialLinks:
        repository === undefined ? [] : [{ icon: 'github', link: `https://github.com/${repository}` }],
      sidebar: sidebarOf(content),
      outline: [2, 3],
    },
  }
  const search = `{ provider: 'local', options: { miniSearch: { searchOptions: { fuzzy: 0.1, prefix: true, combineWith: 'AND',
    boost: { title: 6, titles: 3, text: 1 },
    // Codes first, guides before the reference.
    boostDocument: (id, term) => (id.startsWith('/reference/') ? 0.2 : /^ez_/i.test(term) && id.startsWith('/errors') ? 20 : id.startsWith('/decisions/') ? 0.5 : 2) } } } }`
  return `const configuration = ${JSON.stringify(configuration, null, 2)}
configuration.themeConfig.search = ${search}
export default configuration
`
}

/** @param {string} content */
function sidebarOf(content) {
  const itemOf = (/** @type {string} */ page) => ({
    text: titleOf(join(content, `${page}.md`)),
    link: `/${page.replace(/index$/, '')}`,
  })
  const all = groups.map(([text, pages]) => ({
    text,
    collapsed: ['Packages', 'Project', 'Migration'].includes(text),
    items: pages.flatMap((page) => {
      if (!page.endsWith('/')) return existsSync(join(content, `${page}.md`)) ? [itemOf(page)] : []
      const names = existsSync(join(content, page)) ? readdirSync(join(content, page)) : []
      return names
        .filter((name) => name.endsWith('.md') && name !== 'index.md')
        .map((name) => itemOf(`${page}${name.slice(0, -3)}`))
    }),
  }))
  const listed = new Set(all.flatMap(({ items }) => items.map(({ link }) => link.slice(1))))
  const left = readdirSync(content)
    .filter((name) => name.endsWith('.md') && name !== 'index.md')
    .map((name) => name.slice(0, -3))
    .filter((name) => !listed.has(name))
  if (left.length > 0)
    throw new Error(`No group of the sidebar has ${left.join(', ')}: add it to configuration.mjs.`)
  return all.filter(({ items }) => items.length > 0)
}

/** @param {string} file */
function titleOf(file) {
  return (/^# (.+)$/m.exec(readFileSync(file, 'utf8'))?.[1] ?? file).replaceAll('`', '')
}
