// Adds up what a log of tests and checks says, and ends it with one line. Exit code 1 when anything failed.
import { readFileSync } from 'node:fs'

const log = readFileSync(process.argv[2], 'utf8').replace(/\u001b\[[0-9;]*m/g, '')

let passed = 0
let failed = 0
// vitest: "Tests  2 failed | 40 passed (42)"; .ci/check.mjs: "check ok: lint", "check FAILED: lint".
for (const [, summary] of log.matchAll(/^.*? Tests {2}(.*)$/gm)) {
  passed += Number(/(\d+) passed/.exec(summary)?.[1] ?? 0)
  failed += Number(/(\d+) failed/.exec(summary)?.[1] ?? 0)
}
passed += [...log.matchAll(/^check ok: /gm)].length
failed += [...log.matchAll(/^check FAILED: /gm)].length
if (passed === 0) failed += 1

console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed > 0 ? 1 : 0
