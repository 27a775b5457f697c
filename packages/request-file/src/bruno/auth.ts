import { asText, type TokenTranslator } from '../imported/tokens.ts'
import type { StepValue } from '../model/request-value.ts'
import type { BrunoAuth } from './shapes.ts'

/** What an authorization becomes. */
export interface BrunoSigning {
  readonly headers: readonly [string, string][]
  readonly query: readonly [string, string][]
  readonly steps: readonly StepValue[]
  readonly credentials: Readonly<Record<string, string>>
  readonly notes: readonly string[]
}

const none: BrunoSigning = { headers: [], query: [], steps: [], credentials: {}, notes: [] }

/** Turns an authorization of Bruno into a header or a provider; one without a counterpart blocks the request. */
export function readAuth(auth: BrunoAuth | undefined, translator: TokenTranslator): BrunoSigning {
  if (auth === undefined || auth === 'inherit' || auth.type === undefined || auth.type === 'none') return none
  const credentials: Record<string, string> = {}
  const has = (key: string): boolean => asText(auth[key]) !== ''
  const plain = (key: string): string => translator.text(auth[key])
  const hidden = (value: unknown, variable: string): string => {
    const written = asText(value)
    if (written.includes('{{')) return translator.text(written)
    if (written !== '') credentials[variable] = written
    return `{{${variable}}}`
  }
  const step = (use: string, options: object): BrunoSigning => ({
    ...none,
    steps: [{ use, with: options }],
    credentials,
    notes: notesOf(credentials),
  })
  switch (auth.type) {
    case 'bearer': {
      const token = hidden(auth.token, 'token')
      return {
        ...none,
        headers: [['authorization', `Bearer ${token}`]],
        credentials,
        notes: notesOf(credentials),
      }
    }
    case 'apikey': {
      const pair: [string, string] = [plain('key'), hidden(auth.value, 'api_key')]
      const inQuery = /^query/.test(asText(auth.placement))
      const found = { ...none, credentials, notes: notesOf(credentials) }
      return inQuery ? { ...found, query: [pair] } : { ...found, headers: [pair] }
    }
    case 'basic':
    case 'digest':
      return step(`@ez/core/steps/${auth.type === 'basic' ? 'basic-auth' : 'digest'}`, {
        username: plain('username'),
        password: hidden(auth.password, 'password'),
      })
    case 'awsv4':
      return step('@ez/aws-sigv4', {
        service: plain('service') || 'execute-api',
        region: plain('region') || 'us-east-1',
        credentials: {
          accessKeyId: hidden(auth.accessKeyId, 'access_key'),
          secretAccessKey: hidden(auth.secretAccessKey, 'secret_key'),
          ...(has('sessionToken') && { sessionToken: hidden(auth.sessionToken, 'session_token') }),
        },
      })
    case 'oauth1': {
      const method = asText(auth.signatureMethod) || 'HMAC-SHA1'
      const key = auth.privateKey as { readonly type?: string; readonly value?: unknown } | string | undefined
      const privateKey = typeof key === 'object' ? (key.type === 'file' ? '' : key.value) : key
      return step('@ez/netsuite-oauth1/oauth1', {
        consumerKey: plain('consumerKey'),
        consumerSecret: method.startsWith('RSA')
          ? hidden(privateKey, 'private_key')
          : hidden(auth.consumerSecret, 'consumer_secret'),
        ...(has('accessToken') && { token: hidden(auth.accessToken, 'token') }),
        ...(has('accessToken') && { tokenSecret: hidden(auth.accessTokenSecret, 'token_secret') }),
        signatureMethod: method,
        ...(has('realm') && { realm: plain('realm') }),
        ...(has('callbackUrl') && { callback: plain('callbackUrl') }),
        ...(has('verifier') && { verifier: hidden(auth.verifier, 'verifier') }),
        ...(/^(?:query|body)$/.test(asText(auth.placement)) && {
          placement: auth.placement === 'query' ? 'query' : 'form',
        }),
        ...(auth.includeBodyHash === true && { bodyHash: true }),
      })
    }
    case 'oauth2':
      return oauth2(auth, translator, hidden, credentials)
    default:
      return {
        ...none,
        steps: [
          {
            blocked: `The authorization "${auth.type}" of the collection has no counterpart here. Choose a provider that signs so.`,
          },
        ],
      }
  }
}

const notesOf = (credentials: Readonly<Record<string, string>>): string[] => {
  const names = Object.keys(credentials)
  return names.length === 0
    ? []
    : [`Credentials of the authorization were not copied: set ${names.join(', ')}.`]
}

function oauth2(
  auth: Readonly<Record<string, unknown>>,
  translator: TokenTranslator,
  hidden: (value: unknown, variable: string) => string,
  credentials: Record<string, string>,
): BrunoSigning {
  const client = (auth.credentials ?? {}) as Readonly<Record<string, unknown>>
  if (auth.flow === 'client_credentials')
    return {
      ...none,
      steps: [
        {
          use: '@ez/oauth2/client-credentials',
          with: {
            tokenEndpoint: translator.text(auth.accessTokenUrl),
            clientId: translator.text(client.clientId),
            clientSecret: hidden(client.clientSecret, 'client_secret'),
            ...(asText(auth.scope) !== '' && { scope: translator.text(auth.scope) }),
            ...(client.placement === 'body' && { authentication: 'post' }),
          },
        },
      ],
      credentials,
      notes: notesOf(credentials),
    }
  return {
    ...none,
    headers: [['authorization', 'Bearer {{access_token}}']],
    notes: [
      `OAuth 2.0 (${asText(auth.flow)}): the access token is expected in {{access_token}}. To have it fetched, use a provider of @ez/oauth2.`,
    ],
  }
}
