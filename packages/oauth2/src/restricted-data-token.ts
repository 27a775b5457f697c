import { type EditableRequest, EzError, type ScriptContext } from '@ez/core'
import { hash, sha256 } from '@ez/core/crypto'
import type { TokenLimits } from './options.ts'
import { type Token, usableUntil } from './token/token.ts'
import { isLoopback } from './token/token-request.ts'

/** An operation with personal data. */
export interface RestrictedResource {
  /** HTTP method of the operation, such as `GET`. */
  readonly method: string
  /** Such as `/orders/v0/orders`, or with a placeholder: `/orders/v0/orders/{orderId}/address`. */
  readonly path: string
  /** Such as `buyerInfo`, `shippingAddress`. */
  readonly dataElements?: readonly string[]
}

/** What a restricted data token is asked for. */
export interface RestrictedData {
  /** The operations that the token is for. */
  readonly resources: readonly RestrictedResource[]
  /** Application ID of a delegatee. */
  readonly targetApplication?: string
}

const mostTokens = 1000

/** The restricted data tokens of one script, in memory: they are cheap, and bound to an access token. */
export function createRestrictedTokens(id: string): {
  get(
    token: Token,
    data: RestrictedData,
    limits: TokenLimits,
    request: EditableRequest,
    context: ScriptContext,
  ): Promise<Token>
  forget(): void
} {
  const known = new Map<string, Token>()
  const asking = new Map<string, Promise<Token>>()
  return {
    async get(token, data, limits, request, context) {
      const { origin } = new URL(request.url)
      const key = hash(sha256, JSON.stringify([origin, token.accessToken, data]), 'hex')
      const held = known.get(key)
      if (held?.usableUntil !== undefined && held.usableUntil > context.now().getTime()) return held
      const pending =
        asking.get(key) ??
        ask(id, origin, token, data, limits, context)
          .then((given) => {
            if (known.size >= mostTokens) known.delete(known.keys().next().value as string)
            known.set(key, given)
            return given
          })
          .finally(() => asking.delete(key))
      asking.set(key, pending)
      return pending
    },
    forget: () => known.clear(),
  }
}

/**
 * Asks the Tokens API, on the host that the request goes to.
 *
 * Source: SP-API, "Tokens API v2021-03-01", createRestrictedDataToken.
 */
async function ask(
  id: string,
  origin: string,
  token: Token,
  { resources, targetApplication }: RestrictedData,
  { marginMs, timeoutMs }: TokenLimits,
  context: ScriptContext,
): Promise<Token> {
  const endpoint = `${origin}/tokens/2021-03-01/restrictedDataToken`
  // The access token must not go to whatever host a template names.
  if (!/^https:\/\/(?:sandbox\.)?sellingpartnerapi-[a-z]+\.amazon\.com$/.test(origin) && !isLoopback(origin))
    throw new EzError(
      'EZ_OPTION_INVALID',
      `${id}: restricted data tokens are for SP-API hosts, and the request goes to ${origin}.`,
    )
  const now = context.now().getTime()
  const body = {
    restrictedResources: resources,
    ...(targetApplication === undefined ? {} : { targetApplication }),
  }
  const { status, answer } = await post(id, endpoint, token.accessToken, body, timeoutMs, context)
  const { restrictedDataToken, expiresIn } = answer
  if (status === 200 && typeof restrictedDataToken === 'string')
    return {
      accessToken: restrictedDataToken,
      usableUntil: usableUntil(now, typeof expiresIn === 'number' ? expiresIn : 3600, marginMs),
    }
  throw new EzError(
    'EZ_TOKEN_REFUSED',
    `${id}: no restricted data token from ${endpoint} (HTTP ${status}). Check the resources, and that the application has the restricted roles.`,
    { details: { endpoint, status } },
  )
}

async function post(
  id: string,
  endpoint: string,
  accessToken: string,
  body: unknown,
  timeoutMs: number,
  context: ScriptContext,
): Promise<{ status: number; answer: Record<string, unknown> }> {
  try {
    const response = await context.fetch(endpoint, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-amz-access-token': accessToken },
      body: JSON.stringify(body),
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    })
    const answer: unknown = await response.json().catch(() => undefined)
    return {
      status: response.status,
      answer: typeof answer === 'object' && answer !== null ? (answer as Record<string, unknown>) : {},
    }
  } catch (error) {
    throw new EzError(
      'EZ_TOKEN_UNREACHABLE',
      `${id}: no answer from ${endpoint} (${(error as Error).name}). Check the network; it may be tried again.`,
      { details: { endpoint } },
    )
  }
}
