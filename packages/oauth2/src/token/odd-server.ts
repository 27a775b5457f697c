import { EzError, type OptionRule } from '@ez/core'

/** What some token endpoints do beside the standard; each must be asked for. */
export interface OddServer {
  /** Parameters go as a form (default, RFC 6749 appendix B) or as a JSON object. */
  readonly requestFormat?: 'form' | 'json'
  /** More headers of the token request. */
  readonly requestHeaders?: Readonly<Record<string, string>>
  /** Accepts an answer without `token_type`, with another status of 200 to 299, or form-encoded (default `false`). */
  readonly lenient?: boolean
  /** The member that holds the token's members, when they are not the answer itself, such as `data`; dots lead deeper. */
  readonly answerIn?: string
}

/** How the options of such a server are checked. */
export const oddServerRules: Readonly<Record<string, OptionRule>> = {
  requestFormat: "'form'|'json'?",
  requestHeaders: 'object?',
  lenient: 'boolean?',
  answerIn: 'string?',
}

/** @throws EZ_OPTION_INVALID */
export function checkOddServer(id: string, { requestHeaders = {} }: OddServer): void {
  for (const [name, value] of Object.entries(requestHeaders)) {
    if (typeof value !== 'string' || !/^[!#$%&'*+.^_`|~\w-]+$/.test(name))
      throw new EzError('EZ_OPTION_INVALID', `${id}: option requestHeaders must hold header names and texts.`)
    // oauth4webapi sets these; a second writer would be overwritten in silence.
    if (/^(?:accept|authorization|content-type|content-length|host)$/i.test(name))
      throw new EzError('EZ_OPTION_INVALID', `${id}: option requestHeaders must not hold ${name}.`)
  }
}

/** These options alone. */
export function oddServerOf({ requestFormat, requestHeaders, lenient, answerIn }: OddServer): OddServer {
  return {
    ...(requestFormat !== undefined && { requestFormat }),
    ...(requestHeaders !== undefined && { requestHeaders }),
    ...(lenient !== undefined && { lenient }),
    ...(answerIn !== undefined && { answerIn }),
  }
}

/** Of a JSON Schema, the options of {@link OddServer}. */
export const oddServerSchema = {
  requestFormat: { enum: ['form', 'json'], default: 'form' },
  requestHeaders: { type: 'object', additionalProperties: { type: 'string' } },
  lenient: {
    type: 'boolean',
    default: false,
    description: 'Accepts answers without token_type, with 201, or form-encoded',
  },
  answerIn: { type: 'string', description: "Member that holds the token's members, such as data" },
} as const

/** The request's options with the body as this server wants it. */
export function asWanted(init: RequestInit, { requestFormat }: OddServer): RequestInit {
  if (requestFormat !== 'json') return init
  const headers = new Headers(init.headers)
  headers.set('content-type', 'application/json')
  return {
    ...init,
    headers,
    body: JSON.stringify(Object.fromEntries(new URLSearchParams(String(init.body)))),
  }
}

/** The members of a token in an answer, and the status that stands for it, by the standard. */
export function asStandard(
  text: string,
  status: number,
  { lenient = false, answerIn }: OddServer,
): { readonly members: Record<string, unknown>; readonly status: number } {
  let members = objectOf(text) ?? (lenient ? formOf(text) : {})
  for (const name of answerIn?.split('.') ?? []) {
    const inner = members[name]
    if (typeof inner === 'object' && inner !== null && !Array.isArray(inner)) members = { ...inner }
  }
  if (!lenient || typeof members.access_token !== 'string') return { members, status }
  const isGood = status >= 200 && status < 300
  return {
    members: { token_type: 'bearer', ...members, ...numbers(members) },
    status: isGood ? 200 : status,
  }
}

function objectOf(text: string): Record<string, unknown> | undefined {
  try {
    const body: unknown = JSON.parse(text)
    if (typeof body === 'object' && body !== null && !Array.isArray(body)) return { ...body }
  } catch {}
  return undefined
}

const formOf = (text: string): Record<string, unknown> =>
  /^[\w.-]+=/.test(text) ? Object.fromEntries(new URLSearchParams(text)) : {}

// A form has texts only; some servers write JSON numbers as texts too, or call them `expires`.
function numbers({ expires_in: expiresIn, expires }: Record<string, unknown>): { expires_in?: number } {
  const seconds = expiresIn ?? expires
  const number = typeof seconds === 'string' && /^\d+$/.test(seconds) ? Number(seconds) : seconds
  return typeof number === 'number' && Number.isFinite(number) && number >= 0 ? { expires_in: number } : {}
}
