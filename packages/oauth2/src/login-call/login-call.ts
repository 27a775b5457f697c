import {
  type Diagnosis,
  EzError,
  type PreRequestScript,
  type Provider,
  type ProviderHost,
  type ResponseSnapshot,
} from '@ez/core'
import {
  type CommonTokenOptions,
  checkEndpoint,
  checkTokenOptions,
  limitsOf,
  tokenProvider,
} from '../options.ts'
import { shownEndpoint } from '../token/token-request.ts'
import { tokenScript } from '../token/token-script.ts'
import { answeredToken, checkPaths, type TokenPlaces } from './answered-token.ts'
import { type LoginRequest, sendLogin } from './send-login.ts'

const id = 'login-call'

/** Options of {@link loginCall}. */
export interface LoginCallOptions extends CommonTokenOptions, TokenPlaces {
  /** The request that logs in; it holds the credentials, and is masked. */
  readonly request: LoginRequest
  /** The text before the token in `authorization` (default `Bearer `); another header has none. */
  readonly scheme?: string
  /** Status codes by which the API says that the token has ended (default `[401]`): one new login a send. */
  readonly renewOn?: readonly number[]
}

/**
 * A token that a login of the API's own gives: a request whose JSON answer holds it.
 *
 * Without `expiresIn` and `expiresAt` it is used until the API refuses it.
 *
 * @throws EZ_OPTION_INVALID when it is created
 * @throws EZ_TOKEN_REFUSED, EZ_TOKEN_UNREACHABLE, EZ_TOKEN_RESPONSE_INVALID, EZ_TOKEN_STORE_FAILED, EZ_TOKEN_LOCKED when it runs
 *
 * @example
 * ```ts
 * import { loginCall } from '@ez/oauth2/login-call'
 *
 * const token = loginCall({
 *   request: { url: 'https://api.example.com/session', json: { user: 'a', password: 'example-password' } },
 *   token: '$.data.token',
 *   expiresIn: '$.data.expires_in',
 * })
 * ```
 */
export function loginCall(options: LoginCallOptions, host?: ProviderHost): PreRequestScript {
  const { scheme, renewOn = [401] } = options ?? {}
  return tokenScript<LoginCallOptions>(
    {
      id,
      check,
      ...(scheme !== undefined && { scheme }),
      identify({ request, token, expiresIn, expiresAt }) {
        // Everything that the request holds tells one login from another.
        const whole = JSON.stringify([request, token, expiresIn, expiresAt])
        return {
          distinguishing: [whole],
          secrets: secretsOf(request),
          about: { issuer: shownEndpoint(request.url), clientId: '' },
          async fetchToken(context, signal) {
            await checkPaths(id, options)
            const text = await sendLogin(id, request, context.fetch, signal)
            return answeredToken(id, text, options, context.now().getTime(), limitsOf(options).marginMs)
          },
        }
      },
      diagnose: (response) => diagnose(response, renewOn),
    },
    options,
    host,
  )
}

function check(options: LoginCallOptions): void {
  checkTokenOptions(id, options, {
    request: 'object',
    token: 'string',
    expiresIn: 'any?',
    expiresAt: 'string?',
    scheme: 'any?',
    renewOn: 'array?',
  })
  const refuse = (what: string): EzError => new EzError('EZ_OPTION_INVALID', `${id}: ${what}.`)
  const { request, expiresIn, expiresAt, scheme, renewOn = [] } = options
  if (typeof request.url !== 'string') throw refuse('option request.url must be a text')
  checkEndpoint(id, 'request.url', request.url)
  if ([request.json, request.form, request.text].filter((body) => body !== undefined).length > 1)
    throw refuse('give request one body: json, form or text')
  for (const map of [request.headers, request.form])
    if (!Object.values(map ?? {}).every((value) => typeof value === 'string'))
      throw refuse('request.headers and request.form must hold texts')
  if (expiresIn !== undefined && expiresAt !== undefined)
    throw refuse('give expiresIn or expiresAt, not both')
  if (
    expiresIn !== undefined &&
    typeof expiresIn !== 'string' &&
    !(typeof expiresIn === 'number' && expiresIn > 0)
  )
    throw refuse('option expiresIn must be a JSONPath or a number of seconds')
  if (scheme !== undefined && typeof scheme !== 'string') throw refuse('option scheme must be a text')
  if (!renewOn.every((status) => Number.isInteger(status) && status >= 400 && status <= 599))
    throw refuse('option renewOn must hold status codes from 400 to 599')
}

// What a login sends is credentials, but for what is too short to be one.
function secretsOf({ headers, json, form, text }: LoginRequest): string[] {
  const found: string[] = text === undefined ? [] : [text]
  const collect = (value: unknown): void => {
    if (typeof value === 'string') found.push(value)
    else if (typeof value === 'object' && value !== null) Object.values(value).forEach(collect)
  }
  for (const [name, value] of Object.entries(headers ?? {}))
    if (!/^(?:accept|content-type|user-agent)$/i.test(name)) found.push(value)
  collect(json)
  collect(form)
  return found.filter((value) => value.length >= 6)
}

function diagnose({ status }: ResponseSnapshot, renewOn: readonly number[]): Diagnosis | undefined {
  if (!renewOn.includes(status)) return undefined
  return {
    cause: 'token-expired',
    message: `${id}: the API refused the token (HTTP ${status}): it has expired or was revoked.`,
  }
}

const texts = { type: 'object', additionalProperties: { type: 'string' } }

/** `use: '@ez/oauth2/login-call'` in a request file. */
export const provider: Provider<LoginCallOptions> = tokenProvider(id, loginCall, ['request', 'token'], {
  request: {
    type: 'object',
    required: ['url'],
    additionalProperties: false,
    properties: {
      method: { type: 'string', default: 'POST' },
      url: { type: 'string', format: 'uri' },
      headers: texts,
      json: {},
      form: texts,
      text: { type: 'string' },
    },
  },
  token: { type: 'string', description: 'JSONPath, such as $.data.token' },
  expiresIn: { type: ['string', 'number'], description: 'JSONPath of seconds, or seconds' },
  expiresAt: { type: 'string', description: 'JSONPath of an instant' },
  scheme: { type: 'string', description: 'The text before the token; default "Bearer "' },
  renewOn: { type: 'array', items: { type: 'integer' }, default: [401] },
})
