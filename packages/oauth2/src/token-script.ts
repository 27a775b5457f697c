import {
  type Diagnosis,
  type EditableRequest,
  EzError,
  type PreRequestScript,
  type ResponseSnapshot,
  reveal,
  type ScriptContext,
  type Secret,
  type SignContext,
  secret,
} from '@ez/core'
import { hash, sha256 } from '@ez/core/crypto'
import { type CommonTokenOptions, checkTokenOptions, limitsOf } from './options.ts'
import { memoryStore, type TokenStore } from './store.ts'
import { type Token, tokenOf } from './token.ts'
import { requestToken, type TokenRequest } from './token-request.ts'
import { TokenSource } from './token-source.ts'
import { encryptionKeyOf, Vault } from './vault.ts'

/** One credential at one endpoint: what a token is asked for with, and what tells it from others. */
export interface Identity {
  /** Everything that another token would differ in; hashed into the store's key. */
  readonly distinguishing: readonly (string | Secret | undefined)[]
  /** To be masked. */
  readonly secrets: readonly (string | Secret | undefined)[]
  /** Whether the server replaces the refresh token at each use. */
  readonly rotating?: boolean
  /** The request for a token; `refreshToken` is the last one that the server gave. */
  request(context: SignContext, refreshToken: string | undefined): TokenRequest | Promise<TokenRequest>
}

/** What makes one kind of token script different from another. */
export interface TokenScriptKind<Options> {
  readonly id: string
  /** @throws EZ_OPTION_INVALID, EZ_CREDENTIAL_MISSING */
  check(options: Options): void
  identify(options: Options): Identity
  /** Header, and the text before the token (default `authorization` and `Bearer `). */
  readonly header?: string
  readonly scheme?: string
  /** Changes the token for another one before it is used. */
  exchange?(
    token: Token,
    options: Options,
    request: EditableRequest,
    context: ScriptContext,
  ): Token | Promise<Token>
  /** Writes more than the header. */
  write?(token: Token, options: Options, request: EditableRequest, context: ScriptContext): boolean
  /** Drops what `exchange` keeps. */
  forget?(): void
  diagnose?(response: ResponseSnapshot): Diagnosis | undefined
}

function digestOf(parts: readonly (string | Secret | undefined)[]): string {
  return hash(sha256, JSON.stringify(parts.map((part) => part && reveal(part))), 'hex').slice(0, 32)
}

const mostIdentities = 1000
// A client that diagnoses calls `forget` at once, or not at all when another send's was enough.
const forgetsWithinMs = 1000

/** A token script of a kind; see the factories. */
export function tokenScript<Options extends CommonTokenOptions>(
  kind: TokenScriptKind<Options>,
  given: unknown,
): PreRequestScript {
  const { id } = kind
  const settings = given as CommonTokenOptions & {
    credentials?: (context: SignContext) => object | Promise<object>
  }
  if (settings?.credentials === undefined) kind.check(given as Options)
  else checkTokenOptions(id, settings, { credentials: 'function' })
  const store = settings.store ?? memoryStore()
  const encryptionKey = encryptionKeyOf(id, settings.encryptionKey)
  const output = settings.output ?? 'access_token'
  const header = settings.header === undefined ? (kind.header ?? 'authorization') : settings.header
  const scheme = kind.scheme ?? 'Bearer '
  const { marginMs, timeoutMs } = limitsOf(settings)
  const sources = new Map<string, TokenSource>()
  let diagnosedAt = Number.NEGATIVE_INFINITY
  if (settings.credentials === undefined) refuseUnlocked(id, store, kind.identify(given as Options))

  async function optionsOf(context: SignContext): Promise<Options> {
    if (settings.credentials === undefined) return given as Options
    const { credentials, ...rest } = settings
    const options = { ...rest, ...(await credentials(context)) } as Options
    kind.check(options)
    return options
  }

  function sourceOf(identity: Identity): TokenSource {
    // Whoever has other secrets is another tenant, or one whose secret was replaced: never served from the first one's
    // closure. A rotating refresh token alone is found again in the store after the client's secret was replaced.
    const whole = digestOf([...identity.distinguishing, ...identity.secrets])
    const key = `${id}:${identity.rotating ? digestOf(identity.distinguishing) : whole}`
    let source = sources.get(whole)
    if (source === undefined) {
      source = new TokenSource({
        id,
        key,
        timeoutMs,
        vault: new Vault(id, store, key, encryptionKey),
        rotating: identity.rotating === true,
        async request(context, refreshToken, signal) {
          const now = context.now().getTime()
          if (refreshToken !== undefined) context.conceal(refreshToken)
          const request = await identity.request(context, refreshToken)
          const token = tokenOf(await requestToken(id, request, context.fetch, signal), now, marginMs)
          if (identity.rotating === true) return token
          // Some servers send the same refresh token back; it has no business in a store.
          const { refreshToken: _, ...rest } = token
          return rest
        },
      })
      if (sources.size >= mostIdentities) sources.delete(sources.keys().next().value as string)
      sources.set(whole, source)
    }
    return source
  }

  return {
    specVersion: 1,
    id,
    async run(request, context) {
      const options = await optionsOf(context)
      const identity = kind.identify(options)
      refuseUnlocked(id, store, identity)
      for (const value of identity.secrets) if (value !== undefined) context.conceal(value)
      let token = await sourceOf(identity).get(context)
      context.conceal(token.accessToken)
      if (kind.exchange) {
        token = await kind.exchange(token, options, request, context)
        context.conceal(token.accessToken)
      }
      const placed = settings.header === undefined && context.wanted.includes(output)
      const written = header !== null && kind.write?.(token, options, request, context) === true
      if (!placed && !written && header !== null)
        request.headers.set(
          header,
          secret((header.toLowerCase() === 'authorization' ? scheme : '') + token.accessToken),
        )
      context.publish(output, secret(token.accessToken))
    },
    forget() {
      // What follows a diagnosis is done: the token of that request is refused, and a newer one stays.
      const done = performance.now() - diagnosedAt < forgetsWithinMs
      diagnosedAt = Number.NEGATIVE_INFINITY
      if (!done) for (const source of sources.values()) source.refuse(undefined)
      kind.forget?.()
    },
    diagnose(response, prepared) {
      const diagnosis = kind.diagnose ? kind.diagnose(response) : diagnoseBearer(id, response)
      if (diagnosis?.cause === 'token-expired') {
        const sent = [prepared.url, ...prepared.headers.map(([, value]) => value)].join('\n')
        for (const source of sources.values()) source.refuse(sent)
        diagnosedAt = performance.now()
      }
      return diagnosis
    },
  }
}

/** @throws EZ_OPTION_INVALID */
function refuseUnlocked(id: string, store: TokenStore, identity: Identity): void {
  if (identity.rotating === true && store.lock === undefined)
    throw new EzError(
      'EZ_OPTION_INVALID',
      `${id}: this store has no lock, and a rotating refresh token must never be used twice. Use redisStore, or set rotating to false if the server keeps the token.`,
    )
}

/** A 401 to a bearer token. Source: RFC 6750 section 3.1. */
function diagnoseBearer(id: string, response: ResponseSnapshot): Diagnosis | undefined {
  if (response.status !== 401) return undefined
  return {
    cause: 'token-expired',
    message: `${id}: the server refused the access token (HTTP 401): it has expired or was revoked.`,
  }
}
