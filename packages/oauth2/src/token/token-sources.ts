import { EzError, type ProviderHost, type ScriptContext } from '@ez/core'
import { type CommonTokenOptions, limitsOf } from '../options.ts'
import { storeKeyOf } from '../store/seal.ts'
import { type ListedTokenStore, memoryStore, processStore, type TokenStore } from '../store/token-store.ts'
import { Vault } from '../store/vault.ts'
import { digestOf } from './digest.ts'
import type { Entries, Identity, Place } from './identity.ts'
import { tokenOf } from './token.ts'
import { requestToken, shownEndpoint } from './token-request.ts'
import { type Renewed, TokenSource } from './token-source.ts'

const mostIdentities = 1000

/** The sources of one step: one for each credential that it meets. */
export class TokenSources {
  readonly #id: string
  readonly #settings: CommonTokenOptions
  readonly #host: ProviderHost | undefined
  readonly #own: TokenStore = memoryStore()
  readonly #encryptionKey: Uint8Array | undefined
  readonly #sources = new Map<string, TokenSource>()

  constructor(id: string, settings: CommonTokenOptions, host: ProviderHost | undefined) {
    this.#id = id
    this.#settings = settings
    this.#host = host
    const { encryptionKey } = settings
    this.#encryptionKey =
      encryptionKey === undefined ? undefined : storeKeyOf(`${id}: encryptionKey`, encryptionKey)
  }

  /** Where the tokens of a credential are. */
  storeOf({ rotating }: Identity): TokenStore {
    return this.#settings.store ?? this.#host?.store ?? (rotating ? processStore : this.#own)
  }

  /** The store of a credential as a login is looked for. */
  entriesOf(identity: Identity): Entries {
    const store = this.storeOf(identity) as Partial<ListedTokenStore> & TokenStore
    return {
      read: (key) => new Vault(this.#id, store, key, this.#encryptionKey).read(),
      keys: async () => (await store.keys?.()) ?? [],
    }
  }

  /** @throws EZ_OPTION_INVALID */
  check(identity: Identity): void {
    if (identity.rotating === true && this.storeOf(identity).lock === undefined)
      throw new EzError(
        'EZ_OPTION_INVALID',
        `${this.#id}: this store has no lock, and a rotating refresh token must never be used twice. Use redisStore, or set rotating to false if the server keeps the token.`,
      )
  }

  /** The source of a credential; `place` is where a login was found. */
  of(identity: Identity, place?: Place): TokenSource {
    // Whoever has other secrets is another tenant, or one whose secret was replaced: never served from the first one's
    // closure. A rotating refresh token alone is found again in the store after the client's secret was replaced.
    const whole = digestOf([place?.key, ...identity.distinguishing, ...identity.secrets])
    const known = this.#sources.get(whole)
    if (known !== undefined) return known
    const key = place?.key ?? `${this.#id}:${identity.rotating ? digestOf(identity.distinguishing) : whole}`
    const source = this.#make(identity, key, place)
    if (this.#sources.size >= mostIdentities)
      this.#sources.delete(this.#sources.keys().next().value as string)
    this.#sources.set(whole, source)
    return source
  }

  /** Does not use the current tokens again; told what was sent, only those in it. */
  refuse(sent: string | undefined): void {
    for (const source of this.#sources.values()) source.refuse(sent)
  }

  #make(identity: Identity, key: string, place: Place | undefined): TokenSource {
    const id = this.#id
    const { marginMs, timeoutMs } = limitsOf(this.#settings)
    const store = this.storeOf(identity)
    const host = this.#host?.store
    return new TokenSource({
      id,
      key,
      timeoutMs,
      vault: new Vault(id, store, key, this.#encryptionKey),
      rotating: identity.rotating === true,
      ...(store === host && { lost: () => host.lost }),
      request: (context, refreshToken, signal) =>
        renew({ id, identity, place, marginMs }, context, refreshToken, signal),
    })
  }
}

interface Asking {
  readonly id: string
  readonly identity: Identity
  readonly place: Place | undefined
  readonly marginMs: number
}

async function renew(
  { id, identity, place, marginMs }: Asking,
  context: ScriptContext,
  refreshToken: string | undefined,
  signal: AbortSignal,
): Promise<Renewed> {
  if (refreshToken !== undefined) context.conceal(refreshToken)
  if (identity.fetchToken) {
    const { about = { issuer: '', clientId: '' } } = identity
    return { token: await identity.fetchToken(context, signal), about }
  }
  const request = await identity.request?.(context, refreshToken, place)
  if (request === undefined) throw new TypeError(`${id}: it has no way to ask for a token`)
  const now = context.now().getTime()
  const token = tokenOf(await requestToken(id, request, context.fetch, signal), now, marginMs)
  const scope = token.scope ?? identity.scope
  const about = place?.about ?? {
    issuer: shownEndpoint(request.endpoint),
    clientId: request.clientId,
    ...(scope !== undefined && { scope }),
  }
  if (identity.rotating === true) return { token, about }
  // Some servers send the same refresh token back; it has no business in a store.
  const { refreshToken: _, ...rest } = token
  return { token: rest, about }
}
