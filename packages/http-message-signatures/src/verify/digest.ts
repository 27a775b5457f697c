import { equalInConstantTime, toBase64 } from '@ez/core/crypto'
import type { ReceivedRequest } from '@ez/core/received'
import { parseDictionary } from '@ez/core/structured-fields'
import type { Claim } from './claim.ts'
import { refusal } from './refusal.ts'

const hashes: Readonly<Record<string, string>> = { 'sha-256': 'SHA-256', 'sha-512': 'SHA-512' }

/**
 * The digests of the body that the signature covers: all of `content-digest`, or the member that `key` names;
 * `undefined` when it covers none.
 *
 * @throws EZ_BODY_MISMATCH for a header that cannot be read
 */
export function coveredDigests(
  { components }: Claim,
  received: Pick<ReceivedRequest, 'values'>,
): ReadonlyMap<string, string> | undefined {
  const covering = components.filter(
    ({ name, parameters }) => name === 'content-digest' && !parameters.has('req'),
  )
  if (covering.length === 0) return undefined
  const keys = new Set(covering.map(({ parameters }) => parameters.get('key')?.value))
  const digests = new Map<string, string>()
  try {
    for (const [name, member] of parseDictionary(received.values('content-digest').join(', '))) {
      const isCovered = keys.has(undefined) || keys.has(name)
      if (isCovered && 'value' in member && member.value.type === 'byte-sequence')
        digests.set(name, toBase64(member.value.value))
    }
  } catch {
    throw refusal('EZ_BODY_MISMATCH', 'content-digest cannot be read.')
  }
  return digests
}

/**
 * Compares the body with its digests: every one whose algorithm is known must fit, and one must be.
 *
 * Source: RFC 9530 section 2.
 *
 * @throws EZ_BODY_MISMATCH
 */
export async function checkDigests(digests: ReadonlyMap<string, string>, body: Uint8Array): Promise<void> {
  let fits = 0
  for (const [name, digest] of digests) {
    const hash = Object.hasOwn(hashes, name) ? hashes[name] : undefined
    if (hash === undefined) continue
    const bytes = await crypto.subtle.digest(hash, Uint8Array.from(body))
    if (!equalInConstantTime(toBase64(new Uint8Array(bytes)), digest))
      throw refusal('EZ_BODY_MISMATCH', `the body does not have the ${name} of content-digest.`)
    fits += 1
  }
  if (fits === 0) throw refusal('EZ_BODY_MISMATCH', 'content-digest has neither sha-256 nor sha-512.')
}
