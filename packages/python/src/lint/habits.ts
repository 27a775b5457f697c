import type { RunFacts, SyntaxFacts } from './facts.ts'
import type { LintFinding } from './finding.ts'

/** What is wrong with a script whatever it signs; `signs` tells whether it does in a known scheme. */
export function checkHabits(facts: RunFacts, signs: boolean): LintFinding[] {
  const findings: LintFinding[] = checkFormats(facts)
  const [first, second] = facts.clock
  if (signs && first !== undefined && second !== undefined)
    findings.push({
      rule: 'clock-read-twice',
      severity: 'warning',
      line: second,
      message: `lines ${facts.clock.join(' and ')} each read the clock. Where it runs outside a pinned clock, the two can fall into different seconds, or days around midnight, and the signature is refused. Read it once, as in now = datetime.datetime.now(datetime.timezone.utc), and format now.`,
    })
  else if (signs && first !== undefined && facts.reads > 1)
    findings.push({
      rule: 'clock-read-twice',
      severity: 'warning',
      line: first,
      message: `line ${first} reads the clock ${facts.reads} times in a run. Where it runs outside a pinned clock, two of them can fall into different seconds, or days around midnight, and the signature is refused. Read it once, keep it in a variable, and format that.`,
    })
  for (const [line, targets] of facts.random)
    if (signs || targets.some((name) => /nonce|salt|secret|token/i.test(name)))
      findings.push({
        rule: 'nonce-predictable',
        severity: 'warning',
        line,
        message: `${targets[0] ?? 'a value'} comes from the module random, which elsewhere is predictable from its earlier numbers. Use secrets.token_hex(16), or the attempt's own nonce: '{%nonce%}'.`,
      })
  return findings
}

/** Placeholders of strftime that the C library of the sandbox lacks. */
export function checkFormats({ formats }: Pick<SyntaxFacts, 'formats'>): LintFinding[] {
  return formats.map(([line, message]) => ({ rule: 'strftime-unknown', severity: 'error', line, message }))
}
