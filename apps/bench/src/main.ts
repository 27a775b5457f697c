// Runs the benchmarks: `--only <part of a title>` chooses, `--json` prints data.
import { parseArgs } from 'node:util'
import { groups as awsSigV4 } from './aws-sigv4.ts'
import { groups as awsSigV4Variants } from './aws-sigv4-variants.ts'
import { groups as core } from './core.ts'
import { groups as cosmosAuth } from './cosmos-auth.ts'
import { compare } from './harness.ts'
import { groups as javascript } from './javascript.ts'
import { groups as netsuiteOAuth1 } from './netsuite-oauth1.ts'
import { table } from './print.ts'
import { groups as python } from './python.ts'

const { values } = parseArgs({
  options: { only: { type: 'string' }, json: { type: 'boolean', default: false } },
})

const groups = [awsSigV4, awsSigV4Variants, core, cosmosAuth, javascript, netsuiteOAuth1, python].flat()
const chosen = groups.filter(({ title }) => title.includes(values.only ?? ''))
if (chosen.length === 0) {
  console.error(
    `No benchmark has "${values.only}" in its title. Titles:\n${groups.map(({ title }) => `  ${title}`).join('\n')}`,
  )
  process.exitCode = 2
}
const results = []
for (const { title, cases, options } of chosen) {
  const result = await compare(title, await cases(), options)
  if (values.json) results.push(result)
  else console.log(table(title, result.rows))
}
if (values.json) console.log(JSON.stringify({ node: process.versions.node, results }, null, 2))
