// node apps/compare/main.mjs --collection file.json [--environment file.json]: what newman and ez send otherwise.
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { compare } from './src/compare.mjs'

const { values } = parseArgs({
  options: { collection: { type: 'string' }, environment: { type: 'string' } },
})
if (values.collection === undefined) {
  process.stderr.write('Name a collection: --collection file.json [--environment file.json]\n')
  process.exit(2)
}
const read = (/** @type {string} */ file) => readFileSync(file, 'utf8')
const results = await compare(
  read(values.collection),
  values.environment === undefined ? undefined : read(values.environment),
)
for (const { name, differences } of results)
  process.stdout.write(
    differences.length === 0
      ? `same  ${name}\n`
      : `OTHER ${name}\n  ${differences.join('\n').replaceAll('\n', '\n  ')}\n`,
  )
const same = results.filter(({ differences }) => differences.length === 0).length
process.stdout.write(`${same} of ${results.length} requests are the same\n`)
process.exitCode = same === results.length ? 0 : 1
