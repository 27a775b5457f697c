import { EzError, type PreRequestScript, type Provider, type ProviderHost } from '@ez/core'
import type { TokenEndpointResponse } from 'oauth4webapi'
import { limitsOf } from '../options.ts'
import { storeKeyOf } from '../store/seal.ts'
import { Vault } from '../store/vault.ts'
import { droppedScopes } from '../token/scopes.ts'
import { tokenOf } from '../token/token.ts'
import type { LoginTransport } from './discovery.ts'
import type { LoginOptions } from './login-options.ts'
import { loginKey } from './stored-login.ts'

/** The person who logs in, and the program between. */
export interface LoginPerson extends LoginTransport {
  /** Shows an address to the person, or opens it; `userCode` is to be typed in there. */
  visit(url: string, userCode?: string): void | Promise<void>
  /** The current time. */
  now(): Date
}

/** What came of a login; no values. */
export interface LoggedIn {
  /** Who logged in, as the server says. */
  readonly subject?: string
  /** Scopes that were asked for and not granted. */
  readonly missing: readonly string[]
  /** Whether a refresh token came: without one the login ends with its first token. */
  readonly isRenewed: boolean
  /** Milliseconds since 1970 until which the first token is used. */
  readonly usableUntil?: number
}

/** A provider whose first token comes from a person: `ez login` calls `login`, and steps find what it stored. */
export interface LoginProvider<Options> extends Provider<Options> {
  create(options: Options, host?: ProviderHost): PreRequestScript
  /** `hosts`: with their ports, where the token may go. */
  login(
    options: Options,
    person: LoginPerson,
    host: ProviderHost,
    hosts: readonly string[],
  ): Promise<LoggedIn>
  /** The store's key of the login of the host's file. */
  loginKey(options: Options, host: ProviderHost): string
}

/** What a login asks the store to keep. */
export interface Grant {
  readonly response: TokenEndpointResponse
  readonly tokenEndpoint: string
  readonly subject?: string
}

/** Stores a login. @throws EZ_TOKEN_STORE_FAILED */
export async function keepLogin(
  id: string,
  options: LoginOptions,
  { response, tokenEndpoint, subject }: Grant,
  person: LoginPerson,
  host: ProviderHost,
  hosts: readonly string[],
): Promise<LoggedIn> {
  const now = person.now().getTime()
  const token = tokenOf(response, now, limitsOf(options).marginMs)
  const { encryptionKey, scope } = options
  const key = loginKey(id, options, host.file)
  const bytes = encryptionKey === undefined ? undefined : storeKeyOf(`${id}: encryptionKey`, encryptionKey)
  const granted = token.scope ?? scope
  await new Vault(id, host.store, key, bytes).write({
    token,
    about: {
      issuer: options.issuer ?? tokenEndpoint,
      tokenEndpoint,
      clientId: options.clientId,
      file: host.file,
      hosts,
      since: now,
      ...(granted !== undefined && { scope: granted }),
      ...(subject !== undefined && { subject }),
    },
  })
  if (host.store.lost !== undefined)
    throw new EzError(
      'EZ_TOKEN_STORE_FAILED',
      `${id}: you are logged in, and the token cannot be kept: ${host.store.lost}`,
    )
  return {
    missing: droppedScopes(scope, token.scope),
    isRenewed: token.refreshToken !== undefined,
    ...(subject !== undefined && { subject }),
    ...(token.usableUntil !== undefined && { usableUntil: token.usableUntil }),
  }
}

/** Who an ID token speaks of, in the words that people know. */
export function subjectOf(claims: Readonly<Record<string, unknown>> | undefined): string | undefined {
  for (const name of ['email', 'preferred_username', 'name', 'sub']) {
    const value = claims?.[name]
    if (typeof value === 'string' && value !== '') return value
  }
  return undefined
}
