import { base64 } from '../imported/base64.ts'
import type { TokenTranslator } from '../imported/tokens.ts'
import type { StepValue } from '../model/request-value.ts'

/** What an `Authorization` line becomes. */
export interface Authorization {
  /** The value that is sent; `undefined` when a pre-request step writes it. */
  readonly value?: string
  readonly steps?: readonly StepValue[]
  readonly variables?: Readonly<Record<string, string>>
  /** Values that were not copied, by the variables that stand in their places. */
  readonly credentials?: Readonly<Record<string, string>>
  readonly notes?: readonly string[]
}

const token = /^\{\{[^{}]+\}\}$/

/**
 * Reads the short forms of `.http` files: `Basic user password`, `Basic user:password`, `AWS id secret region:… service:…`,
 * `Digest user password`. They say what is to be worked out, and must not be sent as they are.
 *
 * Source: the pages on authorization of the REST Client for Visual Studio Code, of httpyac, and of JetBrains.
 */
export function readAuthorization(text: string, url: string, translator: TokenTranslator): Authorization {
  const [, scheme = '', rest = ''] = /^(\S+)\s*(.*)$/s.exec(text.trim()) ?? []
  switch (scheme.toLowerCase()) {
    case 'aws':
      return awsLine(rest, url, translator)
    case 'basic':
      return basicLine(text, rest, translator)
    case 'digest':
      return digestLine(rest, translator)
    case 'ntlm':
    case 'negotiate':
      return blocked(scheme)
    default:
      return { value: translator.text(text) }
  }
}

// Words, of which one may be a token with spaces.
const words = (text: string): string[] => text.match(/(?:\{\{[^{}]*\}\}|\S)+/g) ?? []

function basicLine(text: string, rest: string, translator: TokenTranslator): Authorization {
  const [first = '', ...others] = words(rest)
  const pair = others.length > 0 ? [first, others.join(' ')] : /^([^:]*):(.*)$/s.exec(first)?.slice(1)
  // One word is what is sent: base64 already, or a variable that holds it.
  if (!pair) return { value: translator.text(text) }
  const [user = '', password = ''] = pair
  if (!/\{\{/.test(rest)) return { value: `Basic ${base64(`${user}:${password}`)}` }
  return {
    value: 'Basic {{basic_credentials | base64}}',
    variables: { basic_credentials: `${translator.text(user)}:${translator.text(password)}` },
  }
}

/** Puts variables in the place of credentials that are written out. */
class Hiding {
  readonly credentials: Record<string, string> = {}
  readonly notes: string[] = []
  readonly #translator: TokenTranslator

  constructor(translator: TokenTranslator) {
    this.#translator = translator
  }

  text(text: string, variable: string): string {
    if (token.test(text)) return this.#translator.text(text)
    this.credentials[variable] = text
    this.notes.push(`A credential of the Authorization line was not copied: set the variable ${variable}.`)
    return `{{${variable}}}`
  }
}

function awsLine(rest: string, url: string, translator: TokenTranslator): Authorization {
  const [id = '', secret = '', ...named] = words(rest)
  const setting = (name: string): string | undefined =>
    named.find((word) => word.toLowerCase().startsWith(`${name}:`))?.slice(name.length + 1)
  const sessionToken = setting('token')
  const ofHost = awsHost(url)
  const region = setting('region') ?? ofHost?.region
  const service = setting('service') ?? ofHost?.service
  if (region === undefined || service === undefined)
    return blocked('AWS without region: and service:', 'Use @ez/aws-sigv4, which has to be told both.')
  const hiding = new Hiding(translator)
  const credentials = {
    accessKeyId: hiding.text(id, 'access_key'),
    secretAccessKey: hiding.text(secret, 'secret_key'),
    ...(sessionToken !== undefined && { sessionToken: hiding.text(sessionToken, 'session_token') }),
  }
  const options = { service: translator.text(service), region: translator.text(region), credentials }
  return {
    steps: [{ use: '@ez/aws-sigv4', with: options }],
    notes: hiding.notes,
    credentials: hiding.credentials,
  }
}

// As the library aws4 of these editors reads it: service.region.amazonaws.com, for some services the other way round.
function awsHost(url: string): { readonly service: string; readonly region: string } | undefined {
  const labels = /^[a-z]+:\/\/([a-z0-9.-]+)\.amazonaws\.com(?:\.cn)?(?:[/:?#]|$)/i.exec(url)?.[1]?.split('.')
  if (!labels) return undefined
  const [first = '', second = 'us-east-1'] = labels.slice(-2)
  if (/^(?:es|aoss)$/.test(second)) return { service: second, region: first }
  return second === 's3' ? { service: 's3', region: 'us-east-1' } : { service: first, region: second }
}

function digestLine(rest: string, translator: TokenTranslator): Authorization {
  const [first = '', ...others] = words(rest)
  // What a client computed stands in pairs, and is nothing that can be sent again.
  if (first === '' || /\bresponse=/.test(rest)) return blocked('HTTP Digest', 'Use @ez/core/steps/digest.')
  const [user = '', password = ''] =
    others.length > 0 ? [first, others.join(' ')] : (/^([^:]*):(.*)$/s.exec(first)?.slice(1) ?? [first])
  if (password === '') return blocked('HTTP Digest without a password', 'Use @ez/core/steps/digest.')
  const hiding = new Hiding(translator)
  const options = { username: translator.text(user), password: hiding.text(password, 'password') }
  return {
    steps: [{ use: '@ez/core/steps/digest', with: options }],
    notes: hiding.notes,
    credentials: hiding.credentials,
  }
}

const blocked = (scheme: string, advice = 'Choose a provider that signs so.'): Authorization => ({
  steps: [{ blocked: `The Authorization line asks for ${scheme}, which has no counterpart here. ${advice}` }],
})
