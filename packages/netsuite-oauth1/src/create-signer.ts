import {
  EzError,
  type ResolvedRequest,
  type SignContext,
  type Signer,
  type SignResult,
  whenReady,
} from '@ez/core'
import { encodeRfc3986 } from '@ez/core/crypto'
import { createBaseString, protocolPrefix } from './base-string.ts'
import { inHeader, type Place } from './oauth1/placement.ts'
import { parseEncodedPairs } from './parameters/encoded-pairs.ts'
import { formText } from './parameters/form-text.ts'
import type { SigningKeys } from './parameters/keys.ts'
import type { FixedParameters, ProtocolParameters, RequestValues } from './parameters/protocol.ts'
import { splitUrl } from './parameters/split-url.ts'

type Diagnose = NonNullable<Signer['diagnose']>

/** Who signs one request. */
export interface Identity {
  readonly keys: SigningKeys
  readonly protocol: ProtocolParameters
  /** The same with `oauth_body_hash`. */
  readonly hashing?: ProtocolParameters
  /** Throws when the host cannot belong to this identity. */
  checkHost?(host: string): void
}

/** What tells one OAuth 1.0a signer from another. */
export interface SignerParts {
  readonly id: string
  readonly fixed: FixedParameters
  readonly diagnose: Diagnose
  identify(context: SignContext): Identity | Promise<Identity>
  /** Default: the header. */
  readonly place?: Place
  readonly writes?: Signer['writes']
  /** `oauth_body_hash` of a body that is no form; bodies are not hashed without it. */
  hashBody?(request: ResolvedRequest): string | Promise<string>
}

/** The signer behind `oauth1` and `netsuiteOAuth1`: parameters, base string, signature, placement. */
export function createSigner(parts: SignerParts): Signer {
  const { id, fixed, diagnose, identify, place = inHeader, hashBody } = parts
  const { writes = { headers: ['authorization'], query: [] } } = parts

  function signAs(
    identity: Identity,
    request: ResolvedRequest,
    context: SignContext,
  ): SignResult | Promise<SignResult> {
    const { uri, host, query } = splitUrl(request.url)
    identity.checkHost?.(host)
    const form = formText(id, request)
    const others = parseEncodedPairs(query)
    if (form !== undefined) others.push(...parseEncodedPairs(form))
    const taken = others.find(([name]) => name.startsWith(protocolPrefix))
    if (taken)
      throw new EzError(
        'EZ_OAUTH1_PARAMETER_RESERVED',
        `${id}: the request already holds ${taken[0]}. Remove it.`,
      )
    others.push(...fixed.extra)

    // A form is signed pair by pair, and never hashed.
    const hash = form === undefined ? hashBody?.(request) : undefined
    const protocol = (hash === undefined ? identity.protocol : identity.hashing) as ProtocolParameters
    const seconds = Math.floor(context.now().getTime() / 1000)
    if (Number.isNaN(seconds)) throw new EzError('EZ_CLOCK_INVALID', `${id}: the clock must give a Date.`)
    const own = [encodeRfc3986(context.nonce()), String(seconds)]
    const signWith = (values: RequestValues): SignResult | Promise<SignResult> => {
      const baseString = createBaseString(request.method, uri, protocol.inBaseString(values), others)
      return whenReady(identity.keys.createSignature(baseString), (signature) => ({
        patch: place(protocol, values, encodeRfc3986(signature), form),
        trace: [
          { id: 'base-string', value: baseString },
          { id: 'signature', value: signature },
        ],
        secrets: identity.keys.secrets,
      }))
    }
    return hash === undefined ? signWith(own) : whenReady(hash, (value) => signWith([value, ...own]))
  }

  return {
    specVersion: 1,
    id,
    writes,
    diagnose,
    sign: (request, context) =>
      whenReady(identify(context), (identity) => signAs(identity, request, context)),
  }
}
