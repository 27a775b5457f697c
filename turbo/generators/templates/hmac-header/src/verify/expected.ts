import { sha256Hex } from './digest.ts'

/** What the client must have signed, worked out from what was received and nothing of the signer's. */
export async function expectedOf(
  method: string,
  url: URL,
  date: string,
  body: Uint8Array,
): Promise<{ canonicalRequest: string; stringToSign: string }> {
  const query = url.search.slice(1).split('&').filter(Boolean).sort().join('&')
  const canonicalRequest = `${method}\n${url.pathname}\n${query}\nhost:${url.host}\nx-date:${date}\n${await sha256Hex(body)}`
  return { canonicalRequest, stringToSign: `HMAC-SHA256\n${date}\n${await sha256Hex(canonicalRequest)}` }
}
