// Every link of the documentation leads to a file and a heading that exist; what leads out is https.
import { existsSync, readFileSync } from 'node:fs'
import { anchorsOf, linksOf, pages, repositoryPath } from '../site/pages.mjs'
import { finish } from './report.mjs'

const problems = []
let links = 0
const all = pages()
for (const page of all.keys())
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
  }
finish('links', problems, `${links} links of ${all.size} pages`)
