import { reveal, Secret } from '@ez/core'
import { encodeRfc3986 } from '@ez/core/crypto'
import type { OAuth1Credentials } from '../oauth1/options.ts'
import type { CreateSignature, PrepareSignature } from '../signature.ts'

/** Credentials, made ready to sign with. */
export interface SigningKeys {
  /** Percent-encoded. */
  readonly consumerKey: string
  /** Percent-encoded; empty when there is none. */
  readonly token: string
  readonly createSignature: CreateSignature
  /** What the trace must not show. */
  readonly secrets: readonly string[]
}

/**
 * Encodes credentials and works their signing key out, once for many requests.
 *
 * What was made of the credentials seen last is kept, so that a function that gives the same ones costs nothing.
 *
 * @param complete makes of the keys what signing needs
 */
export function createKeyCache<Made>(
  prepare: PrepareSignature,
  complete: (keys: SigningKeys, realm: string) => Made,
): (credentials: OAuth1Credentials, realm?: string) => Made {
  let last: readonly string[] = []
  let made: Made | undefined
  return ({ consumerKey, consumerSecret, token = '', tokenSecret = '' }, realm = '') => {
    const fields = [consumerSecret, tokenSecret, consumerKey, token, realm] as const
    const texts = fields.map(reveal)
    if (made && texts.every((text, index) => text === last[index])) return made
    last = texts
    const [secret = '', ofToken = '', key = '', tokenText = ''] = texts
    made = complete(
      {
        consumerKey: encodeRfc3986(key),
        token: encodeRfc3986(tokenText),
        createSignature: prepare(secret, ofToken),
        // Key and token are no secrets unless they are marked so.
        secrets: texts.filter(
          (text, index) => text !== '' && (index < 2 || Secret.isInstance(fields[index])),
        ),
      },
      realm,
    )
    return made
  }
}
