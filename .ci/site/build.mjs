// Builds the documentation site: pages of docs/, READMEs of packages, the commands of `ez`, and the reference from
// docstrings. node .ci/site/build.mjs → .ci/site/dist. Build the packages first.
// SITE_REFERENCE=no leaves out the reference, for a quick look.
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { overBudget } from './budget.mjs'
import { configurationOf } from './configuration.mjs'
import { contentOf } from './pages.mjs'
import { writeReference } from './reference.mjs'

const site = resolve('.ci/site')
const content = join(site, 'content')
const dist = join(site, 'dist')

if (!existsSync(join(site, 'node_modules/ansi_up'))) {
  console.log('site: installing VitePress and TypeDoc (once)')
  // Not `npm ci`: it asks for the packages of every platform, and a registry may lack some.
  run('npm', ['install', '--no-audit', '--no-fund'])
}
// These draw terminals with what has just been installed.
const { commandsPage } = await import('./commands.mjs')
const { landingPage } = await import('./landing.mjs')
rmSync(content, { recursive: true, force: true })
for (const [page, text] of contentOf()) write(page, text)
write('index.md', landingPage())
write('commands.md', commandsPage())
if (process.env.SITE_REFERENCE !== 'no') writeReference(site, content, run)
cpSync(join(site, 'theme'), join(content, '.vitepress/theme'), { recursive: true })
cpSync(join(site, 'pictures/public'), join(content, 'public'), { recursive: true })
cpSync(resolve('apps/inspector/dist/index.html'), join(content, 'public/inspector.html'))
write('.vitepress/config.mjs', configurationOf(content))
run(join(site, 'node_modules/.bin/vitepress'), ['build', content, '--outDir', dist])
const { pages, problems } = overBudget(dist)
for (const problem of problems) console.error(problem)
console.log(
  problems.length > 0 ? `site: ${problems.length} problems` : `site: ok (${pages} pages in .ci/site/dist)`,
)
process.exitCode = problems.length > 0 ? 1 : 0

/** @param {string} path in the content @param {string} text */
function write(path, text) {
  mkdirSync(join(content, path, '..'), { recursive: true })
  writeFileSync(join(content, path), text)
}

/** @param {string} command @param {string[]} parameters */
function run(command, parameters) {
  const { status, stdout, stderr } = spawnSync(command, parameters, {
    cwd: site,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  })
  if (status === 0) return
  console.error(`${stdout}${stderr}`)
  console.log(`site: 1 problems (${command.split('/').at(-1)} failed)`)
  process.exit(1)
}
