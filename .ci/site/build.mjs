// Builds the documentation site: pages of docs/, READMEs of packages, and the reference from docstrings.
// node .ci/site/build.mjs → .ci/site/dist. Build the packages first.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { linksOf, pages, repositoryPath } from './pages.mjs'

const site = resolve('.ci/site')
const content = join(site, 'content')

if (!existsSync(join(site, 'node_modules/vitepress'))) {
  console.log('site: installing VitePress and TypeDoc (once)')
  // Not `npm ci`: it asks for the packages of every platform, and a registry may lack some.
  run('npm', ['install', '--no-audit', '--no-fund'], site)
}
rmSync(content, { recursive: true, force: true })
writePages()
writeReference()
protectReference()
writeConfiguration()
run(join(site, 'node_modules/.bin/vitepress'), ['build', content, '--outDir', join(site, 'dist')], site)
console.log(`site: ok (${count(join(site, 'dist'))} pages in .ci/site/dist)`)

/** @param {string} command @param {string[]} parameters @param {string} cwd */
function run(command, parameters, cwd) {
  const { status, stdout, stderr } = spawnSync(command, parameters, {
    cwd,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  })
  if (status === 0) return
  console.error(`${stdout}${stderr}`)
  console.log(`site: 1 problems (${command.split('/').at(-1)} failed)`)
  process.exit(1)
}

// A link to another page leads to it on the site; one to a file that is no page becomes its text.
function writePages() {
  const all = pages()
  for (const [page, target] of all) {
    let text = readFileSync(page, 'utf8')
    for (const link of linksOf(text)) {
      if (/^[a-z]+:|^#/.test(link.target)) continue
      const { path, anchor } = repositoryPath(page, link.target)
      const to = all.get(path)
      const address = `/${to?.replace(/(?:index)?\.md$/, '')}${anchor === undefined ? '' : `#${anchor}`}`
      text = text.replace(link.whole, to === undefined ? link.text : `[${link.text}](${address})`)
    }
    const file = join(content, target)
    mkdirSync(dirname(file), { recursive: true })
    // Vue would take {{names}} for its own.
    writeFileSync(file, `::: v-pre\n\n${text}\n\n:::\n`)
  }
}

function writeReference() {
  const released = readdirSync('packages').filter((name) =>
    existsSync(join('packages', name, 'package.json')),
  )
  const entryPoints = released.flatMap((name) => {
    const { exports = {} } = JSON.parse(readFileSync(join('packages', name, 'package.json'), 'utf8'))
    return Object.values(exports)
      .filter((target) => typeof target === 'object')
      .flatMap(({ types }) => {
        const source = resolve('packages', name, types.replace('./dist/', 'src/').replace(/\.d\.ts$/, ''))
        return [`${source}.ts`, join(source, 'index.ts')].filter((file) => existsSync(file))
      })
  })
  const tsconfig = join(site, 'tsconfig.json')
  const compilerOptions = { noEmit: true, customConditions: [] }
  writeFileSync(
    tsconfig,
    JSON.stringify({ extends: '../../tsconfig.base.json', compilerOptions, files: entryPoints }),
  )
  const options = {
    entryPoints,
    tsconfig,
    plugin: ['typedoc-plugin-markdown'],
    out: join(content, 'reference'),
    readme: 'none',
    name: 'Reference',
    disableSources: true,
    excludePrivate: true,
    hidePageHeader: true,
    hideBreadcrumbs: true,
    entryFileName: 'index',
    skipErrorChecking: true,
    basePath: resolve('packages'),
    displayBasePath: resolve('packages'),
    logLevel: 'Error',
  }
  const file = join(site, 'typedoc.json')
  writeFileSync(file, JSON.stringify(options))
  run(join(site, 'node_modules/.bin/typedoc'), ['--options', file], site)
}

// The same for the reference, whose pages TypeDoc has written; its modules are named as they are imported.
function protectReference() {
  const named = (/** @type {string} */ text) =>
    text.replace(/(^# |\[)([a-z0-9-]+)\/src(\/[a-z0-9/-]+?)?(?:\/node)?(?=\]|$)/gm, '$1@ez/$2$3')
  for (const entry of readdirSync(join(content, 'reference'), { recursive: true, withFileTypes: true })) {
    const file = join(entry.parentPath, entry.name)
    if (entry.isFile()) writeFileSync(file, `::: v-pre\n\n${named(readFileSync(file, 'utf8'))}\n\n:::\n`)
  }
}

function writeConfiguration() {
  const title = (/** @type {string} */ file) =>
    /^# (.+)$/m.exec(readFileSync(join(content, file), 'utf8'))?.[1] ?? file
  const items = (/** @type {string} */ folder) =>
    readdirSync(join(content, folder))
      .filter((name) => name.endsWith('.md') && name !== 'index.md')
      .map((name) => ({
        text: title(join(folder, name)),
        link: `/${join(folder, name).replace(/\.md$/, '')}`,
      }))
  const groups = ['providers', 'recipes', 'migration', 'decisions', 'apps'].filter((folder) =>
    existsSync(join(content, folder)),
  )
  const sidebar = [
    { text: 'Guide', items: [{ text: 'Start', link: '/' }, ...items('.')] },
    { text: 'Packages', items: items('packages') },
    ...groups.map((folder) => ({
      text: `${folder[0]?.toUpperCase()}${folder.slice(1)}`,
      items: items(folder),
    })),
    { text: 'Reference', items: [{ text: 'All exports', link: '/reference/' }] },
  ]
  const configuration = {
    title: '@ez',
    description: 'Signs and prepares HTTP requests for integrations',
    cleanUrls: true,
    themeConfig: { sidebar, outline: [2, 3], search: { provider: 'local' } },
  }
  mkdirSync(join(content, '.vitepress'), { recursive: true })
  writeFileSync(
    join(content, '.vitepress/config.mjs'),
    `export default ${JSON.stringify(configuration, null, 2)}\n`,
  )
}

/** @param {string} folder */
function count(folder) {
  return readdirSync(folder, { recursive: true }).filter((name) => String(name).endsWith('.html')).length
}
