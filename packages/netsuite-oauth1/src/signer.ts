import { EzError, type ResolvedRequest, type SignContext, type Signer, type SignResult } from '@ez/core'
import { encodeRfc3986 } from '@ez/core/crypto'
import { createAuthorizationHeader } from './authorization-header.ts'
import { createBaseString, protocolPrefix } from './base-string.ts'
import { splitUrl } from './base-string-uri.ts'
import { appendToForm, createBodyHash, formText } from './body.ts'
import type { SigningKeys } from './keys.ts'
import type { OAuth1Behaviour } from './options.ts'
import { type EncodedPair, parseEncodedPairs } from './parameters.ts'
import { createProtocolParameters, fixParameters, namesOf } from './protocol-parameters.ts'
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

  function signAs(
    identity: Identity,
    request: ResolvedRequest,
    context: SignContext,
  ): SignResult | Promise<SignResult> {
    const { keys } = identity
    const { uri, host, query } = splitUrl(request.url)
    identity.checkHost?.(host)
    const form = formText(id, request)
    if (placement === 'form' && form === undefined) throw notForm(id)
    const others = parseEncodedPairs(query)
    if (form !== undefined) others.push(...parseEncodedPairs(form))
    for (const [name] of others) if (name.startsWith(protocolPrefix)) throw reserved(id, name)
    others.push(...fixed.extra)

    const finish = (hash: string | undefined): SignResult | Promise<SignResult> => {
      const timestamp = Math.floor(context.now().getTime() / 1000).toString()
      const protocol = createProtocolParameters(fixed, keys, context.nonce(), timestamp, hash)
      const baseString = createBaseString(request.method, uri, protocol, others)
      const signature = keys.createSignature(baseString)
      const place = (text: string): SignResult => {
        const pairs: EncodedPair[] = [...protocol, ...fixed.extra, ['oauth_signature', encodeRfc3986(text)]]
        return {
          patch: createPatch(placement, identity.realm, pairs, form ?? ''),
          trace: [
            { id: 'base-string', value: baseString },
            { id: 'signature', value: text },
          ],
          secrets: keys.secrets,
        }
      }
      return typeof signature === 'string' ? place(signature) : signature.then(place)
    }
    if (!bodyHash || form !== undefined) return finish(undefined)
    const hash = createBodyHash(id, hashOf(signatureMethod), request)
    return typeof hash === 'string' ? finish(hash) : hash.then(finish)
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

function createPatch(
  placement: 'header' | 'query' | 'form',
  realm: string | undefined,
  pairs: readonly EncodedPair[],
  form: string,
): SignResult['patch'] {
  if (placement === 'header')
    return { headers: { authorization: createAuthorizationHeader(realm, pairs) }, query: [] }
  if (placement === 'query')
    return {
      headers: {},
      query: pairs.map(([name, value]) => [decodeURIComponent(name), decodeURIComponent(value)]),
    }
  const encoded = pairs.map(([name, value]) => `${name}=${value}`).join('&')
  return { headers: {}, query: [], body: appendToForm(form, encoded) }
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
