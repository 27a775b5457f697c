import { EzError, type ResolvedRequest, type SignContext, type Signer, type SignResult } from '@ez/core'
import { encodeRfc3986 } from '@ez/core/crypto'
import { createBaseString, protocolPrefix } from './base-string.ts'
import { splitUrl } from './base-string-uri.ts'
import { appendToForm, createBodyHash, formText } from './body.ts'
import type { SigningKeys } from './keys.ts'
import type { OAuth1Behaviour } from './options.ts'
import { type EncodedPair, parseEncodedPairs } from './parameters.ts'
import {
  fixParameters,
  namesOf,
  type ProtocolParameters,
  prepareProtocol,
  type RequestValues,
} from './protocol-parameters.ts'
import { hashOf } from './signature.ts'

/** Who signs one request. */
export interface Identity {
  readonly keys: SigningKeys
  readonly realm: string | undefined
  /** Throws when the host cannot belong to this identity. */
  checkHost?(host: string): void
}

/** What tells one OAuth 1.0a signer from another. */
export interface SignerParts {
  readonly id: string
  readonly behaviour: OAuth1Behaviour
  identify(context: SignContext): Identity | Promise<Identity>
  readonly diagnose?: NonNullable<Signer['diagnose']>
}

/** The signer behind `oauth1` and `netsuiteOAuth1`: parameters, base string, signature, placement. */
export function createSigner(parts: SignerParts): Signer {
  const { id, behaviour, identify } = parts
  const { signatureMethod = 'HMAC-SHA1', placement = 'header', bodyHash = false } = behaviour
  const fixed = fixParameters(id, behaviour)
  let last:
    | { readonly identity: Identity; readonly hashes: boolean; readonly protocol: ProtocolParameters }
    | undefined

  /** Made once for many requests of the same identity. */
  function protocolFor(identity: Identity, hashes: boolean): ProtocolParameters {
    const { keys, realm } = identity
    if (last?.identity.keys !== keys || last.identity.realm !== realm || last.hashes !== hashes)
      last = { identity, hashes, protocol: prepareProtocol(fixed, keys, realm, hashes) }
    return last.protocol
  }

  /** The parameters that are not the protocol's own: query, form and extra ones. */
  function collectOthers(query: string, form: string | undefined): readonly EncodedPair[] {
    const others = parseEncodedPairs(query)
    if (form !== undefined) others.push(...parseEncodedPairs(form))
    for (const [name] of others) if (name.startsWith(protocolPrefix)) throw reserved(id, name)
    others.push(...fixed.extra)
    return others
  }

  function signAs(
    identity: Identity,
    request: ResolvedRequest,
    context: SignContext,
  ): SignResult | Promise<SignResult> {
    const { uri, host, query } = splitUrl(request.url)
    identity.checkHost?.(host)
    const form = formText(id, request)
    if (placement === 'form' && form === undefined) throw notForm(id)
    const others = collectOthers(query, form)
    // A form is signed pair by pair, and never hashed.
    const hashes = bodyHash && form === undefined
    const protocol = protocolFor(identity, hashes)
    const values = [encodeRfc3986(context.nonce()), timestampOf(id, context.now())]

    const signWith = (all: RequestValues): SignResult | Promise<SignResult> => {
      const baseString = createBaseString(request.method, uri, protocol.inBaseString(all), others)
      const place = (signature: string): SignResult => ({
        patch: createPatch(protocol, all, encodeRfc3986(signature), form ?? ''),
        trace: [
          { id: 'base-string', value: baseString },
          { id: 'signature', value: signature },
        ],
        secrets: identity.keys.secrets,
      })
      const signature = identity.keys.createSignature(baseString)
      return typeof signature === 'string' ? place(signature) : signature.then(place)
    }
    if (!hashes) return signWith(values)
    const hash = createBodyHash(id, hashOf(signatureMethod), request)
    return typeof hash === 'string'
      ? signWith([hash, ...values])
      : hash.then((text) => signWith([text, ...values]))
  }

  function createPatch(
    protocol: ProtocolParameters,
    values: RequestValues,
    signature: string,
    form: string,
  ): SignResult['patch'] {
    if (placement === 'header')
      return { headers: { authorization: protocol.header(values, signature) }, query: [] }
    const pairs: EncodedPair[] = [...protocol.pairs(values), ...fixed.extra, ['oauth_signature', signature]]
    if (placement === 'query')
      return {
        headers: {},
        query: pairs.map(([name, value]) => [decodeURIComponent(name), decodeURIComponent(value)]),
      }
    return { headers: {}, query: [], body: appendToForm(form, pairs.map((pair) => pair.join('=')).join('&')) }
  }

  return {
    specVersion: 1,
    id,
    writes: {
      headers: placement === 'header' ? ['authorization'] : [],
      query: placement === 'query' ? namesOf(fixed, bodyHash) : [],
      ...(placement === 'form' && { body: true as const }),
    },
    sign(request, context) {
      const identity = identify(context)
      return identity instanceof Promise
        ? identity.then((value) => signAs(value, request, context))
        : signAs(identity, request, context)
    },
    ...(parts.diagnose && { diagnose: parts.diagnose }),
  }
}

function timestampOf(id: string, instant: Date): string {
  const seconds = Math.floor(instant.getTime() / 1000)
  if (Number.isNaN(seconds))
    throw new EzError('EZ_CLOCK_INVALID', `${id}: the clock gave no instant. Give a valid Date.`)
  return String(seconds)
}

function reserved(id: string, name: string): EzError {
  return new EzError(
    'EZ_OAUTH1_PARAMETER_RESERVED',
    `${id}: the request already holds ${name} in its query or form, and names with oauth_ belong to the signer. ` +
      'Remove it, or give it in extraParameters.',
  )
}

function notForm(id: string): EzError {
  return new EzError(
    'EZ_BODY_NOT_FORM',
    `${id}: placement "form" needs a body of type application/x-www-form-urlencoded. Give the body as { form }.`,
  )
}
