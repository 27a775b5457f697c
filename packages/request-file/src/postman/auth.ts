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

/** Turns an authorization setting into headers, a query parameter or a provider. */
export function readAuth(auth: PostmanAuth | null | undefined, translator: TokenTranslator): Signing {
  if (!auth || auth.type === 'noauth') return none
  const given = parametersOf(auth[auth.type] as Parameters | undefined)
  const value = (key: string, fallback: string): string => {
    const text = given.get(key)
    return typeof text === 'string' && text !== '' ? translator.text(text) : `{{${fallback}}}`
  }
  // A credential that is written into the collection must not be copied into the next file.
  const notes: string[] = []
  const hidden = (key: string, variable: string): string => {
    const text = given.get(key)
    if (typeof text === 'string' && /^\{\{[^{}]+\}\}$/.test(text)) return translator.text(text)
    if (typeof text === 'string' && text !== '')
      notes.push(`The ${key} of the collection was not copied: set the variable ${variable}.`)
    return `{{${variable}}}`
  }
  switch (auth.type) {
    case 'bearer':
      return { ...none, headers: [['authorization', `Bearer ${hidden('token', 'token')}`]], notes }
    case 'basic': {
      const credentials = `${value('username', 'username')}:${hidden('password', 'password')}`
      return {
        ...none,
        headers: [['authorization', 'Basic {{basic_credentials | base64}}']],
        variables: { basic_credentials: credentials },
        notes,
      }
    }
    case 'apikey': {
      const pair: [string, string] = [value('key', 'api_key_name'), hidden('value', 'api_key')]
      return given.get('in') === 'query'
        ? { ...none, query: [pair], notes }
        : { ...none, headers: [pair], notes }
    }
    case 'awsv4': {
      const credentials = {
        accessKeyId: hidden('accessKey', 'access_key'),
        secretAccessKey: hidden('secretKey', 'secret_key'),
        ...(given.get('sessionToken') !== undefined && {
          sessionToken: hidden('sessionToken', 'session_token'),
        }),
      }
      const options = {
        service: value('service', 'aws_service'),
        region: value('region', 'aws_region'),
        credentials,
        ...(given.get('addAuthDataToQuery') === true && { placement: 'query' }),
      }
      return { ...none, steps: [{ use: '@ez/aws-sigv4', with: options }], notes }
    }
    case 'oauth1':
      return {
        ...none,
        steps: [{ use: '@ez/netsuite-oauth1/oauth1', with: oauth1(given, value, hidden) }],
        notes,
      }
    case 'oauth2':
      notes.push(
        'OAuth 2.0: the access token is expected in {{access_token}}. To have it fetched, use a provider of @ez/oauth2.',
      )
      return {
        ...none,
        headers: [['authorization', `Bearer ${hidden('accessToken', 'access_token')}`]],
        notes,
      }
    default:
      return {
        ...none,
        notes: [
          `The authorization "${auth.type}" has no counterpart here: add a provider or a script under preRequest.`,
        ],
      }
  }
}

function oauth1(
  given: ReadonlyMap<string, unknown>,
  value: (key: string, fallback: string) => string,
  hidden: (key: string, variable: string) => string,
): Record<string, unknown> {
  const optional = (key: string): Record<string, string> => (given.get(key) ? { [key]: value(key, key) } : {})
  return {
    consumerKey: value('consumerKey', 'consumer_key'),
    consumerSecret: hidden('consumerSecret', 'consumer_secret'),
    token: value('token', 'token'),
    tokenSecret: hidden('tokenSecret', 'token_secret'),
    ...optional('signatureMethod'),
    ...optional('realm'),
    ...(given.get('addParamsToHeader') === false && { placement: 'query' }),
    ...(given.get('includeBodyHash') === true && { bodyHash: true }),
  }
}

function parametersOf(parameters: Parameters | undefined): Map<string, unknown> {
  if (parameters === undefined) return new Map()
  // v2.1 has a list, v2.0 a map.
  if (Array.isArray(parameters)) return new Map(parameters.map(({ key, value }) => [key, value]))
  return new Map(Object.entries(parameters))
}
