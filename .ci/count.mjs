// Adds up what a log of tests and checks says, and ends it with one line. Exit code 1 when anything failed.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'

const log = readFileSync(process.argv[2], 'utf8').replace(/\u001b\[[0-9;]*m/g, '')

// vitest: "Tests  2 failed | 40 passed | 3 skipped (45)"; .ci/check.mjs: "check ok: lint", "check FAILED: lint".
const counts = { passed: 0, failed: 0, skipped: 0 }
for (const [, summary] of log.matchAll(/^.*? Tests {2}(.*)$/gm))
  for (const [, count, outcome] of summary.matchAll(/(\d+) (passed|failed|skipped)/g))
    counts[/** @type {keyof typeof counts} */ (outcome)] += Number(count)
counts.passed += [...log.matchAll(/^check ok: /gm)].length
counts.failed += [...log.matchAll(/^check FAILED: /gm)].length
counts.skipped += [...log.matchAll(/^skipped: /gm)].length
if (counts.passed === 0) counts.failed += 1

// What is installed for the tests must be used by them. Each says so in the log.
if (process.env.EZ_CI_INSTALL === '1')
  for (const { name, isInstalled, isUsed } of [
    {
      name: 'Redis',
      isInstalled: isCommand('redis-server'),
      isUsed: log.includes('server: Redis on loopback'),
    },
    {
      name: 'PostgreSQL',
      isInstalled: existsSync('/usr/lib/postgresql') && isImported('postgres.ts'),
      isUsed: log.includes('server: PostgreSQL on loopback'),
    },
    {
      name: 'Swift',
      isInstalled: isCommand('swift-proxy-server'),
      isUsed: /aws-sigv4 S3 server: [1-9]\d* signed calls/.test(log),
    },
    { name: 'Chromium', isInstalled: isCommand('chromium'), isUsed: !log.includes('skipped: Chromium') },
  ])
    if (isInstalled && !isUsed) {
      console.log(`${name} is installed, and its tests were skipped.`)
      counts.failed += 1
    }

const { passed, failed, skipped } = counts
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`)
process.exitCode = failed > 0 ? 1 : 0

/** @param {string} name */
function isCommand(name) {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, name)))
}

/** Whether a test uses a server of .ci/vitest/servers. @param {string} file */
function isImported(file) {
  const found = spawnSync('git', ['grep', '-q', `servers/${file}`, '--', 'packages', 'apps'])
  return found.status === 0
}
