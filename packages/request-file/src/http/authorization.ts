import { base64 } from '../imported/base64.ts'
import type { TokenTranslator } from '../imported/tokens.ts'
import type { StepValue } from '../model/request-value.ts'

/** What an `Authorization` line becomes. */
export interface Authorization {
  /** The value that is sent; `undefined` when a pre-request step writes it. */
  readonly value?: string
  readonly steps?: readonly StepValue[]
  readonly variables?: Readonly<Record<string, string>>
  readonly notes?: readonly string[]
}

const token = /^\{\{[^{}]+\}\}$/

/**
 * Reads the short forms of `.http` files: `Basic user password`, `Basic user:password`, `AWS id secret region:… service:…`,
 * `Digest user password`. They say what is to be worked out, and must not be sent as they are.
 *
 * Source: the pages on authorization of the REST Client for Visual Studio Code, of httpyac, and of JetBrains.
 */
export function readAuthorization(text: string, translator: TokenTranslator): Authorization {
  const [, scheme = '', rest = ''] = /^(\S+)\s*(.*)$/s.exec(text.trim()) ?? []
  switch (scheme.toLowerCase()) {
    case 'aws':
      return awsLine(rest, translator)
    case 'basic':
      return basicLine(text, rest, translator)
    case 'digest':
      // What a client computed stands in pairs, and is nothing that can be sent again.
      return blocked('HTTP Digest')
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

function awsLine(rest: string, translator: TokenTranslator): Authorization {
  const [id = '', secret = '', ...named] = words(rest)
  const notes: string[] = []
  const hidden = (text: string, variable: string): string => {
    if (token.test(text)) return translator.text(text)
    notes.push(`A key of the AWS line was not copied: set the variable ${variable}.`)
    return `{{${variable}}}`
  }
  const setting = (name: string): string | undefined =>
    named.find((word) => word.toLowerCase().startsWith(`${name}:`))?.slice(name.length + 1)
  const sessionToken = setting('token')
  const region = setting('region')
  const service = setting('service')
  if (region === undefined || service === undefined)
    return blocked('AWS without region: and service:', 'Use @ez/aws-sigv4, which has to be told both.')
  const credentials = {
    accessKeyId: hidden(id, 'access_key'),
    secretAccessKey: hidden(secret, 'secret_key'),
    ...(sessionToken !== undefined && { sessionToken: hidden(sessionToken, 'session_token') }),
  }
  const options = { service: translator.text(service), region: translator.text(region), credentials }
  return { steps: [{ use: '@ez/aws-sigv4', with: options }], notes }
}

const blocked = (scheme: string, advice = 'Choose a provider that signs so.'): Authorization => ({
  steps: [{ blocked: `The Authorization line asks for ${scheme}, which has no counterpart here. ${advice}` }],
})
