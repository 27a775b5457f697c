/**
 * Prints the problems, then one line that sums up; the exit code tells whether there were any.
 *
 * @param {string} name @param {readonly string[]} problems @param {string} summary
 */
export function finish(name, problems, summary) {
  for (const problem of problems) console.error(`${name}: ${problem}`)
  console.log(`${name}: ${problems.length === 0 ? 'ok' : `${problems.length} problems`} (${summary})`)
  process.exitCode = problems.length === 0 ? 0 : 1
}
