// Workflows name actions by commit, start without any permission, and use the commands that people use.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { finish } from './report.mjs'

const folder = '.github/workflows'
const problems = []
const files = readdirSync(folder)
let actions = 0
for (const file of files) {
  const text = readFileSync(join(folder, file), 'utf8')
  if (!/^permissions: \{\}$/m.test(text))
    problems.push(`${file}: the workflow must begin with "permissions: {}".`)
  for (const [, action = '', version = ''] of text.matchAll(/uses: (\S+)(.*)/g)) {
    actions += 1
    if (!/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/.test(action) || !/^ # v\d/.test(version))
      problems.push(`${file}: ${action} must be named by its commit, with the version in a comment.`)
  }
  for (const [, command = ''] of text.matchAll(/run: (.+)/g))
    if (!/^(?:\.ci\/run|npx -y pnpm@\S+ .+)$/.test(command))
      problems.push(`${file}: "${command}" is nobody else's command.`)
  if (/\$\{\{\s*github\.event\./.test(text.replace(/^\s+if: .*$/gm, '')))
    problems.push(`${file}: text of an event must not reach a command.`)
  if (/NPM_TOKEN|NODE_AUTH_TOKEN/.test(text))
    problems.push(`${file}: releases use trusted publishing, not a token.`)
}
finish('workflows', problems, `${files.length} workflows, ${actions} actions`)
