import { type EditableRequest, EzError, type ProviderHost } from '@ez/core'
import { digestOf } from '../token/digest.ts'
import type { Entries, Place } from '../token/identity.ts'
import { type LoginOptions, loginOf } from './login-options.ts'

const common = (id: string, options: LoginOptions): string => `${id}:${digestOf(loginOf(options))}:`

/** The key of a login that was given to a file; of code, which has none, the file is empty. */
export function loginKey(id: string, options: LoginOptions, file = ''): string {
  return common(id, options) + digestOf([file])
}

/**
 * Finds the login that a request may use: its file's own, or with the grant `store` that of another file. Its token
 * goes to the hosts that were told at the login, and to no other.
 *
 * @throws EZ_LOGIN_REQUIRED, EZ_NOT_ALLOWED, EZ_HOST_NOT_ALLOWED
 */
export async function findLogin(
  id: string,
  options: LoginOptions,
  entries: Entries,
  host: ProviderHost | undefined,
): Promise<Place> {
  const own = loginKey(id, options, host?.file)
  const known = await entries.read(own)
  if (known?.about !== undefined) return { key: own, about: known.about }
  const others = (await entries.keys()).filter((key) => key.startsWith(common(id, options)))
  if (host === undefined || others.length === 0) throw loginRequired(id, host)
  host.check(
    'store',
    `${id}: the stored login for this client was given to another request file, and using it here`,
  )
  if (others.length > 1)
    throw new EzError(
      'EZ_LOGIN_REQUIRED',
      `${id}: ${others.length} request files have a login for this client, and none of them is ${host.file}. Log in for it: ez login ${host.file}`,
    )
  const [key] = others as [string]
  const about = (await entries.read(key))?.about
  if (about === undefined) throw loginRequired(id, host)
  return { key, about }
}

/** @throws EZ_HOST_NOT_ALLOWED when the request goes elsewhere than the login is for */
export function checkLoginHost(
  id: string,
  { about }: Place,
  request: EditableRequest,
  isPlaced: boolean,
  host: ProviderHost | undefined,
): void {
  if (about.hosts === undefined) return
  if (isPlaced && about.file !== host?.file)
    throw new EzError(
      'EZ_NOT_ALLOWED',
      `${id}: a login of another request file is written to a header only; it cannot be placed as an output.`,
      { details: { grant: 'store' } },
    )
  // Closes the URL: no later script leads the token elsewhere.
  const url = isPlaced ? request.url : request.resolved().url
  const goesTo = URL.canParse(url) ? new URL(url).host : url
  if (about.hosts.includes(goesTo)) return
  throw new EzError(
    'EZ_HOST_NOT_ALLOWED',
    `${id}: this login's token goes to ${about.hosts.join(', ')} only, and the request goes to ${goesTo}. If that is right, log in again: ez login ${host?.file ?? ''}`.trimEnd(),
    { details: { host: goesTo } },
  )
}

/** The error of a login that is not there, or that has ended. */
export function loginRequired(id: string, host: ProviderHost | undefined, ended = false): EzError {
  const { file, store } = host ?? {}
  const how = file === undefined ? 'Log in, and give the step the store.' : `Run: ez login ${file}`
  const why = store?.lost === undefined ? '' : ` A login is lost here: ${store.lost}`
  return new EzError(
    'EZ_LOGIN_REQUIRED',
    `${id}: ${ended ? 'the login has ended, and the server gave no refresh token' : 'nobody has logged in for this client and these scopes'}. ${how}${why}`,
  )
}
