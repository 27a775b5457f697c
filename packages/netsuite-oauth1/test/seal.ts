import type { ResolvedRequest, SignContext, Signer } from '@ez/core'
import { encodeRfc3986 } from '@ez/core/crypto'

/** A signed request: the patch of a signer put where core puts it. */
export async function sealed(
  signer: Signer,
  unsigned: ResolvedRequest,
  context: SignContext,
): Promise<ResolvedRequest> {
  const { patch } = await signer.sign(unsigned, context)
  const query = patch.query.map((entry) => entry.map(encodeRfc3986).join('=')).join('&')
  return {
    ...unsigned,
    url: query === '' ? unsigned.url : `${unsigned.url}${unsigned.url.includes('?') ? '&' : '?'}${query}`,
    headers: [...unsigned.headers, ...Object.entries(patch.headers)],
    body: patch.body ?? unsigned.body,
  }
}
