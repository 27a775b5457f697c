import type { TokenTranslator } from '../imported/tokens.ts'
import type { StepValue } from '../model/request-value.ts'

type Parameters =
  | readonly { readonly key: string; readonly value?: unknown }[]
  | Readonly<Record<string, unknown>>

/** Postman's `auth`: a type, and under that name its parameters. */
export interface PostmanAuth {
  readonly type: string
  readonly [type: string]: unknown
}

/** What an `auth` becomes. */
export interface Signing {
  readonly headers: [string, string][]
  readonly query: [string, string][]
  readonly steps: StepValue[]
  readonly variables: Record<string, string>
  readonly notes: string[]
}

const none: Signing = { headers: [], query: [], steps: [], variables: {}, notes: [] }

/**
 * Turns an authorization setting into headers, a query parameter or a provider; a scheme without a counterpart blocks
 * the request. An empty setting counts as one that is absent, as in Postman.
 */
export function readAuth(auth: PostmanAuth | null | undefined, translator: TokenTranslator): Signing {
  if (!auth || auth.type === 'noauth') return none
  const given = new Settings(parametersOf(auth[auth.type] as Parameters | undefined), translator)
  const { notes } = given
  switch (auth.type) {
    case 'bearer':
      return { ...none, headers: [['authorization', `Bearer ${given.hidden('token', 'token')}`]], notes }
    case 'basic': {
      const password = given.text('password') === '' ? '' : given.hidden('password', 'password')
      return {
        ...none,
        headers: [['authorization', 'Basic {{basic_credentials | base64}}']],
        variables: { basic_credentials: `${given.value('username', 'username')}:${password}` },
        notes,
      }
    }
    case 'apikey': {
      const pair: [string, string] = [given.value('key', 'api_key_name'), given.hidden('value', 'api_key')]
      return given.text('in') === 'query'
        ? { ...none, query: [pair], notes }
        : { ...none, headers: [pair], notes }
    }
    case 'awsv4':
      return { ...none, steps: [{ use: '@ez/aws-sigv4', with: awsV4(given) }], notes }
    case 'oauth1':
      return { ...none, steps: [{ use: '@ez/netsuite-oauth1/oauth1', with: oauth1(given) }], notes }
    case 'oauth2':
      return oauth2(given)
    case 'edgegrid':
      if (given.has('headersToSign')) return blocked('EdgeGrid with headers that are signed')
      return {
        ...none,
        steps: [
          {
            use: '@ez/akamai-edgegrid',
            with: {
              clientToken: given.hidden('clientToken', 'client_token'),
              accessToken: given.hidden('accessToken', 'access_token'),
              clientSecret: given.hidden('clientSecret', 'client_secret'),
            },
          },
        ],
        notes,
      }
    case 'digest':
      return { ...none, steps: [{ use: '@ez/core/steps/digest', with: digest(given) }], notes }
    default:
      return blocked(`"${auth.type}"`)
  }
}

// Sent without it, the request would go out unsigned.
const blocked = (scheme: string): Signing => ({
  ...none,
  steps: [{ blocked: `The authorization ${scheme} of the collection has no counterpart here.` }],
})

/** The settings of one authorization. A credential that is written into the collection is not copied. */
class Settings {
  readonly notes: string[] = []
  readonly #given: ReadonlyMap<string, unknown>
  readonly #translator: TokenTranslator

  constructor(given: ReadonlyMap<string, unknown>, translator: TokenTranslator) {
    this.#given = given
    this.#translator = translator
  }

  /** As it is written; `undefined` where there is none. */
  text(key: string): string | undefined {
    const value = this.#given.get(key)
    return typeof value === 'string' ? value : undefined
  }

  has(key: string): boolean {
    return (this.text(key) ?? '') !== ''
  }

  is(key: string, value: boolean): boolean {
    return this.#given.get(key) === value || this.#given.get(key) === String(value)
  }

  value(key: string, variable: string): string {
    return this.has(key) ? this.#translator.text(this.text(key)) : `{{${variable}}}`
  }

  or(key: string, fallback: string): string {
    return this.has(key) ? this.#translator.text(this.text(key)) : fallback
  }

  hidden(key: string, variable: string): string {
    const text = this.text(key) ?? ''
    if (/^\{\{[^{}]+\}\}$/.test(text)) return this.#translator.text(text)
    if (text !== '')
      this.notes.push(`The ${key} of the collection was not copied: set the variable ${variable}.`)
    return `{{${variable}}}`
  }
}

// Realm, nonce and what else Postman keeps of a server come from its challenge.
const digest = (given: Settings): Record<string, unknown> => ({
  username: given.value('username', 'username'),
  password: given.hidden('password', 'password'),
})

// Postman's defaults are those of AWS API Gateway.
function awsV4(given: Settings): Record<string, unknown> {
  return {
    service: given.or('service', 'execute-api'),
    region: given.or('region', 'us-east-1'),
    credentials: {
      accessKeyId: given.hidden('accessKey', 'access_key'),
      secretAccessKey: given.hidden('secretKey', 'secret_key'),
      ...(given.has('sessionToken') && { sessionToken: given.hidden('sessionToken', 'session_token') }),
    },
    ...(given.is('addAuthDataToQuery', true) && { placement: 'query' }),
  }
}

function oauth1(given: Settings): Record<string, unknown> {
  const method = given.text('signatureMethod') ?? ''
  const optional = (key: string): Record<string, string> =>
    given.has(key) ? { [key]: given.value(key, key) } : {}
  const secret = (key: string, variable: string): Record<string, string> =>
    given.has(key) ? { [key]: given.hidden(key, variable) } : {}
  return {
    consumerKey: given.value('consumerKey', 'consumer_key'),
    consumerSecret: method.startsWith('RSA')
      ? given.hidden('privateKey', 'private_key')
      : given.hidden('consumerSecret', 'consumer_secret'),
    ...secret('token', 'token'),
    ...secret('tokenSecret', 'token_secret'),
    ...optional('signatureMethod'),
    ...optional('realm'),
    ...optional('callback'),
    ...secret('verifier', 'verifier'),
    ...(given.is('addParamsToHeader', false) && { placement: 'query' }),
    ...(given.is('includeBodyHash', true) && { bodyHash: true }),
  }
}

function oauth2(given: Settings): Signing {
  const token = given.hidden('accessToken', 'access_token')
  const notes = [
    ...given.notes,
    'OAuth 2.0: the access token is expected in {{access_token}}. To have it fetched, use a provider of @ez/oauth2.',
  ]
  if (given.text('addTokenTo') === 'queryParams') return { ...none, query: [['access_token', token]], notes }
  const prefix = given.or('headerPrefix', 'Bearer').trim()
  return { ...none, headers: [['authorization', `${prefix} ${token}`.trim()]], notes }
}

function parametersOf(parameters: Parameters | undefined): Map<string, unknown> {
  if (parameters === undefined) return new Map()
  // v2.1 has a list, v2.0 a map.
  if (Array.isArray(parameters)) return new Map(parameters.map(({ key, value }) => [key, value]))
  return new Map(Object.entries(parameters))
}
