// Every link of the documentation leads to a file and a heading that exist; what leads out is https; every page is
// reached from the front page.
import { existsSync, readFileSync } from 'node:fs'
import { anchorsOf, linksOf, otherLinksOf, pages, repositoryPath } from '../site/pages.mjs'
import { finish } from './report.mjs'

const problems = []
let links = 0
const all = pages()
/** @type {Map<string, string[]>} */
const leads = new Map()
for (const page of all.keys()) {
  for (const link of otherLinksOf(readFileSync(page, 'utf8')))
    problems.push(`${page}: ${link} must be written as [text](target).`)
  /** @type {string[]} */
  const targets = []
  leads.set(page, targets)
  for (const { target, line } of linksOf(readFileSync(page, 'utf8'))) {
    links += 1
    const problem = (/** @type {string} */ text) => problems.push(`${page}:${line}: ${target} ${text}`)
    if (/^[a-z]+:/.test(target)) {
      if (!target.startsWith('https://') || !URL.canParse(target)) problem('is no https address.')
      continue
    }
    const { path, anchor } = repositoryPath(page, target)
    if (!existsSync(path)) problem('leads nowhere.')
    else if (anchor !== undefined && path.endsWith('.md') && !anchorsOf(path).has(anchor))
      problem('has no such heading.')
    // A folder is shown with its README, or with the list of its pages.
    else targets.push(...[...all.keys()].filter((one) => one === path || one.startsWith(`${path}/`)))
  }
}
const reached = new Set(['README.md'])
for (const page of reached) for (const target of leads.get(page) ?? []) reached.add(target)
for (const page of all.keys())
  if (!reached.has(page)) problems.push(`${page}: no page that is reached from README.md leads to it.`)
finish('links', problems, `${links} links of ${all.size} pages`)
