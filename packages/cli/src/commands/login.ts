import { EzError } from '@ez/core'
import type { LoginPerson } from '@ez/oauth2'
import { printable } from '../output/printable.ts'
import type { TransportFlags } from '../send/transport.ts'
import { type CommonFlags, Session } from '../session.ts'
import { loginSteps } from '../tokens/login-steps.ts'

/** The flags of `ez login`. */
export interface LoginFlags extends CommonFlags, TransportFlags {
  /** Only the steps of this provider. */
  readonly use?: string
  /** False with `--no-browser`. */
  readonly browser: boolean
  /** Seconds that the person may take. */
  readonly timeout: number
}

const note = (text: string): void => void process.stderr.write(`${text}\n`)

/** `ez login`: a person logs in for the pre-request steps of a file; their tokens are stored for this file. */
export async function login(file: string, flags: LoginFlags): Promise<void> {
  const session = await Session.open(flags)
  const steps = await loginSteps(session, file, flags.use)
  // Before anybody logs in for nothing.
  await session.tokens.open()
  if (flags.store === false || session.tokens.lost !== undefined)
    throw new EzError(
      'EZ_TOKEN_STORE_FAILED',
      `ez login: ${session.tokens.lost ?? 'with --no-store the login would be lost.'} Nobody was asked to log in.`,
    )
  for (const { use, provider, options, host, hosts } of steps) {
    const person: LoginPerson = {
      fetch: session.fetch,
      signal: AbortSignal.timeout(flags.timeout * 1000),
      now: () => new Date(),
      visit: (url, code) => visit(url, code, flags.browser),
    }
    const { subject, missing, isRenewed, usableUntil } = await provider.login(options, person, host, hosts)
    if (missing.length > 0)
      note(`note: ${use}: the server did not grant ${printable(missing.join(' '))}, and said nothing more.`)
    if (!isRenewed)
      note(
        `note: ${use}: the server gave no refresh token, so that this login ends with its token. Many servers want the scope offline_access, or access_type: offline.`,
      )
    const until = usableUntil === undefined ? undefined : new Date(usableUntil).toISOString()
    if (flags.json)
      process.stdout.write(
        `${JSON.stringify({ use, file: host.file, hosts, subject, missing, renewed: isRenewed, until })}\n`,
      )
    else
      process.stdout.write(
        `logged in: ${use}${subject === undefined ? '' : ` as ${printable(subject)}`}, for ${hosts.join(', ') || 'no host'}; ${isRenewed ? 'refreshed by itself' : `until ${until ?? 'it is refused'}`}\n`,
      )
  }
}

async function visit(url: string, code: string | undefined, opens: boolean): Promise<void> {
  const typed = code === undefined ? '' : `\nand type in: ${printable(code)}`
  note(`Log in here:\n${url}${typed}`)
  if (!opens) return
  try {
    const { default: open } = await import('open')
    const child = await open(url)
    child.on('error', () => {})
  } catch {
    // The address stands there.
  }
}
