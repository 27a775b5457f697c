import {
  checkOptions,
  type Diagnosis,
  type EditableRequest,
  EzError,
  type PreRequestScript,
  type Provider,
  type ResponseSnapshot,
  reveal,
  type ScriptContext,
  type Secret,
  secret,
} from '@ez/core'
import { type JWTHeaderParameters, type JWTPayload, SignJWT } from 'jose'
import { type PrivateKey, signAssertion } from '../assertion.ts'
import { type ClaimValues, fillClaims, names } from './claims.ts'
import { publicKeyFingerprint } from './fingerprint.ts'

const id = 'jwt'

/** Options of {@link jwt}. */
export interface JwtOptions {
  /** PEM (PKCS #8, PKCS #1, SEC 1) or JWK; for the algorithms that have a key pair. */
  readonly privateKey?: PrivateKey
  /** For `HS256`, `HS384`, `HS512`: the shared secret, as text. */
  readonly sharedSecret?: string | Secret
  /** `RS256` (default), `PS256`, `ES256`, `EdDSA`, `HS256`, … */
  readonly algorithm?: string
  /** `kid` of the header. */
  readonly keyId?: string
  /** More members of the header. */
  readonly joseHeader?: Readonly<Record<string, unknown>>
  /**
   * The claims beside `iat` and `exp`. In their texts `{method}`, `{host}`, `{path}`, `{nonce}` and `{fingerprint}` (SHA-256
   * of the public key, base64) stand for values of the request and the key.
   */
  readonly claims: Readonly<Record<string, unknown>>
  /** Seconds from now that the token is valid (default 300). */
  readonly lifetimeSeconds?: number
  /** Seconds that `iat` lies in the past, for servers whose clock is behind (default 0). */
  readonly backdateSeconds?: number
  /** Header that the token is written to (default `authorization`); `null` writes none. */
  readonly header?: string | null
  /** The text before the token (default `Bearer `; empty for another header). */
  readonly scheme?: string
  /** Name of the output (default `access_token`). */
  readonly output?: string
}

/**
 * A signed JWT as the bearer itself: App Store Connect, Snowflake key pairs, GitHub Apps, Google service accounts, Zoom's
 * Video SDK, Coinbase. Signed anew for every attempt, at its instant.
 *
 * Source: RFC 7519; RFC 7515.
 *
 * @throws EZ_OPTION_INVALID, EZ_CREDENTIAL_MISSING when it is created
 * @throws EZ_CREDENTIAL_INVALID when the key cannot be read, or does not fit the algorithm
 *
 * @example
 * ```ts
 * import type { Secret } from '@ez/core'
 * import { jwt } from '@ez/oauth2/jwt'
 *
 * // App Store Connect
 * const token = (privateKey: Secret) =>
 *   jwt({
 *     privateKey,
 *     algorithm: 'ES256',
 *     keyId: '2X9R4HXF34',
 *     claims: { iss: '57246542-96fe-1a63-e053-0824d011072a', aud: 'appstoreconnect-v1' },
 *     lifetimeSeconds: 1200,
 *   })
 * ```
 */
export function jwt(options: JwtOptions): PreRequestScript {
  check(options)
  const { output = 'access_token', header } = options
  const name = header === undefined ? 'authorization' : header
  const scheme = options.scheme ?? (name?.toLowerCase() === 'authorization' ? 'Bearer ' : '')
  return {
    specVersion: 1,
    id,
    async run(request, context) {
      for (const value of [options.privateKey, options.sharedSecret])
        if (value !== undefined) context.conceal(value)
      const token = await sign(options, request, context)
      context.conceal(token)
      const isPlaced = header === undefined && context.wanted.includes(output)
      if (!isPlaced && name !== null) request.headers.set(name, secret(scheme + token))
      context.publish(output, secret(token))
    },
    diagnose,
  }
}

function check(options: JwtOptions): void {
  checkOptions(id, options, {
    privateKey: 'secret?',
    sharedSecret: 'secret?',
    algorithm: 'string?',
    keyId: 'string?',
    joseHeader: 'object?',
    claims: 'object',
    lifetimeSeconds: 'number?',
    backdateSeconds: 'number?',
    header: 'string|null?',
    scheme: 'any?',
    output: 'string?',
  })
  const refuse = (what: string): EzError => new EzError('EZ_OPTION_INVALID', `${id}: ${what}.`)
  const {
    algorithm = 'RS256',
    privateKey,
    sharedSecret,
    scheme,
    lifetimeSeconds = 300,
    backdateSeconds = 0,
  } = options
  const isShared = algorithm.startsWith('HS')
  if (algorithm === 'none') throw refuse('algorithm none signs nothing')
  if (isShared ? sharedSecret === undefined : privateKey === undefined)
    throw new EzError(
      'EZ_CREDENTIAL_MISSING',
      `${id}: ${isShared ? 'sharedSecret' : 'privateKey'} is required for ${algorithm}.`,
    )
  if (isShared ? privateKey !== undefined : sharedSecret !== undefined)
    throw refuse('give sharedSecret for HS256 and its kin, privateKey for every other algorithm')
  if (isShared && names(options.claims, 'fingerprint')) throw refuse('a shared secret has no {fingerprint}')
  if (scheme !== undefined && typeof scheme !== 'string') throw refuse('option scheme must be a text')
  if (lifetimeSeconds < 1) throw refuse('option lifetimeSeconds must be 1 or more')
  if (backdateSeconds < 0) throw refuse('option backdateSeconds must be 0 or more')
  for (const claim of ['iat', 'exp'])
    if (Object.hasOwn(options.claims, claim))
      throw refuse(`${claim} is written from the attempt's instant; see lifetimeSeconds and backdateSeconds`)
}

async function sign(options: JwtOptions, request: EditableRequest, context: ScriptContext): Promise<string> {
  const {
    algorithm = 'RS256',
    keyId,
    joseHeader,
    claims,
    lifetimeSeconds = 300,
    backdateSeconds = 0,
  } = options
  const values = await valuesOf(options, request, context)
  const header = {
    alg: algorithm,
    typ: 'JWT',
    ...(keyId === undefined ? {} : { kid: keyId }),
    ...(joseHeader && fillClaims(joseHeader, values)),
  } as JWTHeaderParameters
  const payload = fillClaims(claims, values) as JWTPayload
  const issuedAt = context.now().getTime() - backdateSeconds * 1000
  const seconds = lifetimeSeconds + backdateSeconds
  if (options.privateKey !== undefined) {
    const at = { now: () => new Date(issuedAt), nonce: () => context.nonce() }
    return signAssertion(id, options.privateKey, header, payload, seconds, at)
  }
  const issued = Math.floor(issuedAt / 1000)
  return new SignJWT(payload)
    .setProtectedHeader(header)
    .setIssuedAt(issued)
    .setExpirationTime(issued + seconds)
    .sign(new TextEncoder().encode(reveal(options.sharedSecret as string | Secret)))
}

async function valuesOf(
  { claims, joseHeader, privateKey, algorithm = 'RS256' }: JwtOptions,
  request: EditableRequest,
  context: ScriptContext,
): Promise<ClaimValues> {
  const used = [claims, joseHeader]
  const isOfRequest = (['method', 'host', 'path'] as const).some((name) => names(used, name))
  // From here on method and URL are closed: what the token says is what is sent.
  const { method, url } = isOfRequest ? request.resolved() : { method: '', url: 'https://x.invalid/' }
  const { host, pathname } = new URL(url)
  const fingerprint =
    privateKey !== undefined && names(used, 'fingerprint')
      ? await publicKeyFingerprint(id, privateKey, algorithm)
      : ''
  return { method, host, path: pathname, nonce: context.nonce(), fingerprint }
}

/** A 401 to a token that was signed for this very request: it is not a matter of time, unless the clock is wrong. */
function diagnose(response: ResponseSnapshot): Diagnosis | undefined {
  if (response.status !== 401) return undefined
  return {
    cause: 'credential',
    message: `${id}: the server refused the signed token (HTTP 401). Check key, keyId, claims and how long the server lets a token be valid (lifetimeSeconds); \`ez explain\` shows at which instant it was signed.`,
  }
}

/** `use: '@ez/oauth2/jwt'` in a request file. */
export const provider: Provider<JwtOptions> = {
  id,
  options: {
    type: 'object',
    required: ['claims'],
    additionalProperties: false,
    properties: {
      privateKey: { type: 'string', description: 'PEM (PKCS #8, PKCS #1, SEC 1) or JWK' },
      sharedSecret: { type: 'string', description: 'For HS256 and its kin' },
      algorithm: { type: 'string', default: 'RS256' },
      keyId: { type: 'string' },
      joseHeader: { type: 'object', description: 'More members of the header' },
      claims: {
        type: 'object',
        description: 'Beside iat and exp; {method} {host} {path} {nonce} {fingerprint} are filled in',
      },
      lifetimeSeconds: { type: 'integer', minimum: 1, default: 300 },
      backdateSeconds: { type: 'integer', minimum: 0, default: 0 },
      header: { type: ['string', 'null'], description: 'Header the token is written to' },
      scheme: { type: 'string', description: 'The text before the token' },
      output: { type: 'string', default: 'access_token' },
    },
  },
  create: (options) => jwt(options),
}
