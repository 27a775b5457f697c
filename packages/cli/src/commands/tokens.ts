import type { StoredToken } from '@ez/oauth2'
import { printable } from '../output/printable.ts'
import { type CommonFlags, Session } from '../session.ts'

/** `ez tokens`: what the store holds, for whom and until when; no values. */
export async function tokens(flags: CommonFlags): Promise<void> {
  const { listTokens } = await import('@ez/oauth2')
  const session = await Session.open(flags)
  const listed = await listTokens(await session.tokens.open())
  if (flags.json) {
    process.stdout.write(`${JSON.stringify(listed, null, 2)}\n`)
    return
  }
  if (listed.length === 0) process.stdout.write('the store holds no tokens\n')
  for (const token of listed) process.stdout.write(`${lines(token)}\n`)
}

function lines({ step, about, until, isRenewed, isUnfinished }: StoredToken): string {
  const state = isUnfinished
    ? 'a refresh began and never ended'
    : isRenewed
      ? 'refreshed by itself'
      : until === undefined
        ? 'until it is refused'
        : `until ${until}`
  const facts: [string, string | undefined][] = [
    ['issuer', about?.issuer],
    ['client', about?.clientId],
    ['scopes', about?.scope],
    ['who', about?.subject],
    ['file', about?.file],
    ['hosts', about?.hosts?.join(', ')],
  ]
  const told = facts.flatMap(([name, value]) =>
    value === undefined || value === '' ? [] : `\n  ${name}: ${printable(value)}`,
  )
  return `${step}: ${state}${told.join('')}`
}
