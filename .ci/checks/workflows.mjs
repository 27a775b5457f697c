// Workflows name actions by commit, start without any permission, and use the commands that people use. A job that may
// write runs no test, and no script of a package.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { finish } from './report.mjs'

const folder = '.github/workflows'
const releases = [
  'node .ci/release/pack.mjs',
  'node .ci/release/publish.mjs --provenance',
  'git push origin --tags',
]
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
    if (!/^(?:\.ci\/run|npx -y pnpm@\S+ .+)$/.test(command) && !releases.includes(command))
      problems.push(`${file}: "${command}" is nobody else's command.`)
  for (const job of text.split(/^ {2}(?=[\w-]+:$)/m).filter((part) => /^ {6}[\w-]+: write/m.test(part)))
    for (const [, command = ''] of job.matchAll(/run: (.+)/g))
      if (
        !releases.includes(command) &&
        !/^npx -y pnpm@\S+ install --frozen-lockfile --ignore-scripts$/.test(command)
      )
        problems.push(`${file}: "${command}" must not run in a job that may write.`)
  if (/\$\{\{\s*github\.event\./.test(text.replace(/^\s+if: .*$/gm, '')))
    problems.push(`${file}: text of an event must not reach a command.`)
  if (/NPM_TOKEN|NODE_AUTH_TOKEN/.test(text))
    problems.push(`${file}: releases use trusted publishing, not a token.`)
}
finish('workflows', problems, `${files.length} workflows, ${actions} actions`)
