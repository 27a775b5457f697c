import { EzError } from '@ez/core'
import { type CommonFlags, Session } from '../session.ts'
import { loginSteps } from '../tokens/login-steps.ts'

/** The flags of `ez logout`. */
export interface LogoutFlags extends CommonFlags {
  readonly use?: string
  /** Everything that the store holds. */
  readonly all?: boolean
}

/** `ez logout`: deletes the stored logins of a file, or all that the store holds. */
export async function logout(file: string | undefined, flags: LogoutFlags): Promise<void> {
  if ((file === undefined) === (flags.all !== true))
    throw new EzError('EZ_USAGE', 'ez logout: name a request file, or give --all.')
  const session = await Session.open(flags)
  const store = await session.tokens.open()
  const keys =
    file === undefined
      ? await store.keys()
      : (await loginSteps(session, file, flags.use)).map(({ provider, options, host }) =>
          provider.loginKey(options, host),
        )
  let deleted = 0
  for (const key of keys) {
    if ((await store.get(key)) === undefined) continue
    await store.delete(key)
    deleted += 1
  }
  if (flags.json) process.stdout.write(`${JSON.stringify({ deleted })}\n`)
  else
    process.stdout.write(
      deleted === 0
        ? 'nothing was stored\n'
        : `${deleted} deleted here; to revoke access, see the server's own page\n`,
    )
}
