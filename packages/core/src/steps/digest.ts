import { EzError } from '../base/error.ts'
import { checkOptions } from '../check/options.ts'
import type { PreparedRequest } from '../contract/prepared.ts'
import type { EditableRequest, PreRequestScript, Provider, ScriptContext } from '../contract/step.ts'
import { type Credential, credentialRule, withCredential } from './credential.ts'
import { authorizationOf } from './digest/authorization.ts'
import { asksForDigest, type DigestChallenge, readChallenge } from './digest/challenge.ts'
import { Sessions } from './digest/sessions.ts'

/** Options of {@link digest}. */
export interface DigestOptions {
  /** Without a colon. */
  readonly username: string
  /** Masked wherever it is shown; not empty. */
  readonly password: Credential
  /** What is protected where the server leaves the choice: `auth` (default), or `auth-int`, which covers the body too. */
  readonly qop?: 'auth' | 'auth-int'
  /** The value of a `WWW-Authenticate` that is known beforehand: the first request carries its answer already. */
  readonly challenge?: string
}

const id = 'digest'

/**
 * Answers HTTP Digest: MD5 and SHA-256, `-sess` too, for `auth` and `auth-int`. Source: RFC 7616.
 *
 * The server says first what it wants, so the first request goes out without an authorization, and once more with it:
 * `@ez/client`, the `ez` command and its proxy send it again. From then on the nonce is used again, counted, for the
 * origin that gave it, until the server gives another. Run it after all scripts that change the request.
 *
 * @throws EZ_CREDENTIAL_MISSING, EZ_OPTION_INVALID when it is created
 * @throws EZ_BODY_UNSIGNABLE for a stream with `auth-int`
 *
 * @example
 * ```ts
 * import { digest } from '@ez/core/steps/digest'
 *
 * const script = digest({ username: 'Mufasa', password: 'Circle of Life' })
 * console.log(script.id)
 * ```
 */
export function digest(options: DigestOptions): PreRequestScript {
  checkOptions(id, options, {
    username: 'string',
    password: credentialRule,
    qop: "'auth'|'auth-int'?",
    challenge: 'string?',
  })
  const { username, challenge: given } = options
  if (username.includes(':') || /\p{Cc}/u.test(username))
    throw new EzError(
      'EZ_OPTION_INVALID',
      `${id}: option username must hold no colon and no control character.`,
    )
  const known = given === undefined ? undefined : readChallenge([['www-authenticate', given]])
  if (given !== undefined && !known)
    throw new EzError(
      'EZ_OPTION_INVALID',
      `${id}: option challenge is none that can be answered. ${supported}`,
    )
  const sessions = new Sessions(known)
  return {
    specVersion: 1,
    id,
    run: (request, context) => {
      const origin = originOf(request.resolved().url)
      const session = sessions.use(origin)
      if (!session) {
        context.log('no challenge of this server is known yet: sent without authorization.')
        return
      }
      const qop = qopOf(session.challenge, options.qop)
      session.cnonce ??= context.nonce()
      const cnonce = session.challenge.sess ? session.cnonce : context.nonce()
      return withCredential(id, options.password, context, (text) =>
        answer(request, context, { ...session, username, password: text, qop, cnonce }),
      )
    },
    challenge: ({ status, headers }, prepared) => {
      const challenge = status === 401 ? readChallenge(headers) : undefined
      if (!challenge) return false
      // A fresh nonce that was refused, and not as stale: the credentials are wrong, and would be refused again.
      if (!challenge.stale && prepared && countOf(prepared) === 1) return false
      sessions.learn(challenge, prepared && originOf(prepared.url))
      return true
    },
    diagnose: ({ status, headers }, prepared) => {
      if (status !== 401 || !asksForDigest(headers)) return undefined
      const challenge = readChallenge(headers)
      if (!challenge)
        return {
          cause: 'credential',
          message: `The server asks for a Digest that is not known here. ${supported}`,
        }
      if (countOf(prepared) === undefined) return undefined
      return {
        cause: 'credential',
        message: `The server refused the Digest answer for the realm "${challenge.realm}": check user name and password, and whether the URL is sent as the server reads it.`,
      }
    },
    forget: () => sessions.clear(),
  }
}

const supported = 'Known are MD5 and SHA-256, with -sess or without, for auth and auth-int.'

/** Path and query of a URL in wire form. */
const targetOf = (url: string): string => url.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, '')
const originOf = (url: string): string => url.slice(0, url.length - targetOf(url).length)

// A server without `qop` is one of RFC 2069; one that leaves no choice decides.
function qopOf(
  { qop }: DigestChallenge,
  wanted: DigestOptions['qop'] = 'auth',
): 'auth' | 'auth-int' | undefined {
  const offered = qop.filter((one) => one === 'auth' || one === 'auth-int')
  return offered.includes(wanted) ? wanted : offered[0]
}

/** How often the nonce of a request had been used with it; `undefined` without an answer that counts. */
function countOf({ headers }: PreparedRequest): number | undefined {
  const value = headers.find(([name]) => name === 'authorization')?.[1] ?? ''
  if (!/^Digest /i.test(value)) return undefined
  const count = /[ ,]nc=([0-9a-f]{8})/i.exec(value)?.[1]
  return count === undefined ? 1 : Number.parseInt(count, 16)
}

function answer(
  request: EditableRequest,
  context: ScriptContext,
  known: Omit<Parameters<typeof authorizationOf>[0], 'method' | 'uri' | 'body'>,
): void {
  const { method, url, body } = request.resolved()
  if (known.qop === 'auth-int' && body !== null && !(body instanceof Uint8Array))
    throw new EzError(
      'EZ_BODY_UNSIGNABLE',
      `${id}: the server wants the body to be protected (auth-int), and it is a stream, which can be read once only. Send bytes.`,
    )
  context.conceal(known.password)
  const bytes = body instanceof Uint8Array ? body : new Uint8Array()
  const { value, a2, response } = authorizationOf({ ...known, method, uri: targetOf(url), body: bytes })
  context.log(
    `realm "${known.challenge.realm}", A2 "${a2}", use ${known.count} of the nonce, response ${response}`,
  )
  request.headers.set('authorization', value)
}

/** What `use: '@ez/core/steps/digest'` in a request file loads. */
export const provider: Provider<DigestOptions> = {
  id,
  options: {
    type: 'object',
    required: ['username', 'password'],
    additionalProperties: false,
    properties: {
      username: { type: 'string', description: 'Without a colon' },
      password: { type: 'string' },
      qop: { enum: ['auth', 'auth-int'], default: 'auth', description: 'auth-int covers the body too' },
      challenge: { type: 'string', description: 'A WWW-Authenticate that is known beforehand' },
    },
  },
  create: digest,
}
