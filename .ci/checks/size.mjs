// The budgets of .size-limit.mjs. Fails above a limit, and tells which goals are missed.
import { spawnSync } from 'node:child_process'
import { finish } from './report.mjs'

const { stdout, stderr } = spawnSync('size-limit', ['--json'], { encoding: 'utf8' })
/** @type {{ name: string, size: number, sizeLimit: number, passed: boolean }[]} */
let sizes
try {
  sizes = JSON.parse(stdout)
  // Without a build there is an error in place of the list.
  if (!Array.isArray(sizes)) throw sizes
} catch {
  console.error(stdout, stderr)
  process.exit(1)
}
const problems = sizes
  .filter(({ passed }) => !passed)
  .map(({ name, size, sizeLimit }) => `${name}: ${size} bytes, above the limit of ${sizeLimit}.`)
const kilobytes = (/** @type {number} */ bytes) => (bytes / 1000).toFixed(1)
const missed = []
for (const { name, size } of sizes) {
  const goal = Number(/\(goal ([\d.]+) kB\)/.exec(name)?.[1]) * 1000
  console.log(`  ${kilobytes(size).padStart(5)} kB  ${name}`)
  if (size > goal) missed.push(name.replace(/ \(goal.*/, ''))
}
finish('size', problems, `${sizes.length} budgets; goals missed: ${missed.join(', ') || 'none'}`)
