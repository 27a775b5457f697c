// Known holes, high or critical, in what users install. Says so when the registry at hand gives no answer.
import { spawnSync } from 'node:child_process'
import { finish } from './report.mjs'

const { stdout, stderr } = spawnSync('pnpm', ['audit', '--prod', '--json'], {
  encoding: 'utf8',
  maxBuffer: 1 << 28,
})
let report
try {
  report = JSON.parse(stdout)
} catch {}
if (report?.metadata?.vulnerabilities === undefined) {
  const reason = report?.error?.message ?? (stderr.trim().split('\n')[0] || 'no answer')
  finish('audit', [], `not run: ${reason}`)
} else {
  const problems = Object.values(report.advisories ?? {})
    .filter(({ severity }) => severity === 'high' || severity === 'critical')
    .map(({ module_name: name, severity, title }) => `${name}: ${severity}: ${title}`)
  const counts = Object.entries(report.metadata.vulnerabilities).map(([level, count]) => `${count} ${level}`)
  finish('audit', problems, counts.join(', '))
}
