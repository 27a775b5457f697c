import {
  type Diagnosis,
  type EditableRequest,
  type PreRequestScript,
  type ProviderHost,
  type ResponseSnapshot,
  type ScriptContext,
  type SignContext,
  secret,
} from '@ez/core'
import { type CommonTokenOptions, checkTokenOptions } from '../options.ts'
import type { Entries, Identity, Place } from './identity.ts'
import { droppedScopes } from './scopes.ts'
import type { Token } from './token.ts'
import { TokenSources } from './token-sources.ts'

/** What makes one kind of token script different from another. */
export interface TokenScriptKind<Options> {
  readonly id: string
  /** @throws EZ_OPTION_INVALID, EZ_CREDENTIAL_MISSING */
  check(options: Options): void
  identify(options: Options): Identity
  /** Finds a login in the store; left out by the grants that need nobody to log in. */
  locate?(options: Options, request: EditableRequest, entries: Entries, isPlaced: boolean): Promise<Place>
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

// A client that diagnoses calls `forget` at once, or not at all when another send's was enough.
const forgetsWithinMs = 1000

/** A token script of a kind; see the factories. */
export function tokenScript<Options extends CommonTokenOptions>(
  kind: TokenScriptKind<Options>,
  given: unknown,
  host?: ProviderHost,
): PreRequestScript {
  const { id } = kind
  const settings = given as CommonTokenOptions & {
    credentials?: (context: SignContext) => object | Promise<object>
  }
  if (settings?.credentials === undefined) kind.check(given as Options)
  else checkTokenOptions(id, settings, { credentials: 'function' })
  const sources = new TokenSources(id, settings, host)
  const output = settings.output ?? 'access_token'
  const header = settings.header === undefined ? (kind.header ?? 'authorization') : settings.header
  const scheme = kind.scheme ?? 'Bearer '
  let diagnosedAt = Number.NEGATIVE_INFINITY
  let missing: readonly string[] = []
  if (settings.credentials === undefined) sources.check(kind.identify(given as Options))

  async function optionsOf(context: SignContext): Promise<Options> {
    if (settings.credentials === undefined) return given as Options
    const { credentials, ...rest } = settings
    const options = { ...rest, ...(await credentials(context)) } as Options
    kind.check(options)
    return options
  }

  return {
    specVersion: 1,
    id,
    async run(request, context) {
      const options = await optionsOf(context)
      const identity = kind.identify(options)
      sources.check(identity)
      for (const value of identity.secrets) if (value !== undefined) context.conceal(value)
      const placed = settings.header === undefined && context.wanted.includes(output)
      const place = await kind.locate?.(
        options,
        request,
        sources.entriesOf(identity),
        context.wanted.includes(output),
      )
      let token = await sources.of(identity, place).get(context)
      context.conceal(token.accessToken)
      missing = droppedScopes(identity.scope, token.scope)
      if (missing.length > 0) context.log(`${id}: the server did not grant ${missing.join(' ')}`)
      if (kind.exchange) {
        token = await kind.exchange(token, options, request, context)
        context.conceal(token.accessToken)
      }
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
      if (!done) sources.refuse(undefined)
      kind.forget?.()
    },
    diagnose(response, prepared) {
      const diagnosis =
        (kind.diagnose ? kind.diagnose(response) : diagnoseBearer(id, response)) ??
        diagnoseScopes(id, response, missing)
      if (diagnosis?.cause === 'token-expired') {
        const sent = [prepared.url, ...prepared.headers.map(([, value]) => value)].join('\n')
        sources.refuse(sent)
        diagnosedAt = performance.now()
      }
      return diagnosis
    },
  }
}

/** A 401 to a bearer token. Source: RFC 6750 section 3.1. */
function diagnoseBearer(id: string, response: ResponseSnapshot): Diagnosis | undefined {
  if (response.status !== 401) return undefined
  return {
    cause: 'token-expired',
    message: `${id}: the server refused the access token (HTTP 401): it has expired or was revoked.`,
  }
}

/** A 403 to a token without scopes that were asked for. Source: RFC 6749 section 5.1, RFC 6750 section 3.1. */
function diagnoseScopes(
  id: string,
  response: ResponseSnapshot,
  missing: readonly string[],
): Diagnosis | undefined {
  if (response.status !== 403 || missing.length === 0) return undefined
  return {
    cause: 'credential',
    message: `${id}: the token endpoint did not grant ${missing.join(' ')}, and said nothing more. Allow it for the client, or for the user.`,
  }
}
