import { checkOptions, EzError, type SignContext } from '@ez/core'
import type { CosmosCredentials } from './options.ts'

/** What gives Entra tokens: every credential of `@azure/identity` does. */
export interface AzureTokenCredential {
  /** A token for a scope and when it ends, in milliseconds since 1970. */
  getToken(
    scopes: string | string[],
    options?: { readonly abortSignal?: AbortSignal },
  ): Promise<{ readonly token: string; readonly expiresOnTimestamp: number } | null>
}

/** Options of {@link fromAzure}. */
export interface FromAzureOptions {
  /** A credential of your own (default: `DefaultAzureCredential` of `@azure/identity`). */
  readonly credential?: AzureTokenCredential
  /** Tenant that is asked, of the default credential. */
  readonly tenantId?: string
  /** Client ID of a user-assigned managed identity, of the default credential. */
  readonly managedIdentityClientId?: string
  /** Default `https://cosmos.azure.com/.default`; in other clouds `https://<account host>/.default`. */
  readonly scope?: string
}

const id = 'azure-credentials'
const rules = {
  credential: 'object?',
  tenantId: 'string?',
  managedIdentityClientId: 'string?',
  scope: 'string?',
} as const

type Source = (context: SignContext) => CosmosCredentials | Promise<CosmosCredentials>

// One for each set of options, so that a process asks once, whichever requests need it.
const sources = new Map<string, Source>()
const mostSources = 1000

/**
 * Entra tokens for Cosmos DB from where Azure users have them: environment, workload identity, managed identity, Azure
 * CLI and the other places of `DefaultAzureCredential`.
 *
 * It is the one of `@azure/identity`, an optional peer (Node 22 or newer). Tokens are kept until five minutes before they
 * end, once per process. Nothing is asked before a request is signed. The identity needs a role of the account's own
 * (data plane), such as "Cosmos DB Built-in Data Reader".
 *
 * Source: Microsoft Learn, "Connect to Azure Cosmos DB for NoSQL using role-based access control and Microsoft Entra ID".
 *
 * @throws EZ_OPTION_INVALID; when signing EZ_PEER_MISSING, EZ_CREDENTIAL_UNAVAILABLE
 *
 * @example
 * ```ts
 * import { cosmosAuth } from '@ez/cosmos-auth'
 * import { fromAzure } from '@ez/cosmos-auth/azure-identity'
 *
 * const signer = cosmosAuth({ credentials: fromAzure() })
 * ```
 */
export function fromAzure(options: FromAzureOptions = {}): Source {
  checkOptions(id, options, rules)
  const { credential, tenantId, managedIdentityClientId } = options
  const { scope = 'https://cosmos.azure.com/.default' } = options
  const key = JSON.stringify([tenantId, managedIdentityClientId, scope])
  const known = credential === undefined ? sources.get(key) : undefined
  if (known) return known
  const token = keep(() => ask(options, scope))
  const source: Source = async (context) => ({ aadToken: (await token(context)).token })
  if (credential !== undefined) return source
  if (sources.size >= mostSources) sources.delete(sources.keys().next().value as string)
  sources.set(key, source)
  return source
}

interface Token {
  readonly token: string
  readonly expiresOnTimestamp: number
}

const marginMs = 300_000
const timeoutMs = 25_000

// Requests that wait share one; while it fails, a token that still holds is used on.
function keep(load: () => Promise<Token>): (context: SignContext) => Promise<Token> {
  let known: Token | undefined
  let pending: Promise<Token> | undefined
  const holds = (now: Date, margin: number): boolean =>
    known !== undefined && known.expiresOnTimestamp - margin > now.getTime()
  return async (context) => {
    if (holds(context.now(), marginMs)) return known as Token
    pending ??= load().finally(() => {
      pending = undefined
    })
    try {
      known = await pending
      return known
    } catch (error) {
      if (holds(context.now(), 0)) return known as Token
      throw error
    }
  }
}

const cure =
  "Check the role of the identity and what `az account show` says; DefaultAzureCredential's page tells where it looks."
const mostCharacters = 400
const ownError =
  /^(?:AggregateAuthenticationError|AuthenticationError|AuthenticationRequiredError|CredentialUnavailableError)$/

async function ask(options: FromAzureOptions, scope: string): Promise<Token> {
  const { credential = await defaultCredential(options) } = options
  let told = 'the credential gave no token'
  try {
    const given = await credential.getToken(scope, { abortSignal: AbortSignal.timeout(timeoutMs) })
    if (typeof given?.token === 'string' && given.token !== '') return given
  } catch (error) {
    // The library's own errors tell what to do; others may quote what was read.
    const { name, message } = (error ?? {}) as { readonly name?: string; readonly message?: string }
    const text = String(message).replace(/\s+/g, ' ').trim().replace(/\.$/, '')
    told = ownError.test(name ?? '') ? text.slice(0, mostCharacters) : (name ?? 'unknown error')
  }
  throw new EzError('EZ_CREDENTIAL_UNAVAILABLE', `${id}: there are no credentials: ${told}. ${cure}`)
}

async function defaultCredential({
  tenantId,
  managedIdentityClientId,
}: FromAzureOptions): Promise<AzureTokenCredential> {
  const { DefaultAzureCredential } = (await load('@azure/identity')) as {
    readonly DefaultAzureCredential: new (options: object) => AzureTokenCredential
  }
  return new DefaultAzureCredential({
    ...(tenantId !== undefined && { tenantId }),
    ...(managedIdentityClientId !== undefined && { managedIdentityClientId }),
  })
}

// The name is a value here, so that bundlers leave the library out.
async function load(name: string): Promise<unknown> {
  try {
    return await import(/* webpackIgnore: true */ /* @vite-ignore */ name)
  } catch (cause) {
    throw new EzError(
      'EZ_PEER_MISSING',
      `${id}: this machine's credentials need ${name}, which is not installed beside @ez/cosmos-auth, or cannot be loaded here: it asks for Node 22 or newer. Run: npm install ${name}`,
      { details: { package: name }, cause },
    )
  }
}
