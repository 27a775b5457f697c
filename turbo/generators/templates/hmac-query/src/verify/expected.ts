import { sha256Hex } from './digest.ts'

/** What the client must have signed, worked out from what was received and nothing of the signer's. */
export async function expectedOf(
  method: string,
  url: URL,
  expires: string,
): Promise<{ canonicalRequest: string; stringToSign: string }> {
  const pairs = url.search.slice(1).split('&')
  const query = pairs.filter((pair) => pair && !pair.startsWith('signature=')).sort().join('&')
  const canonicalRequest = `${method}\n${url.pathname}\n${query}\nhost:${url.host}`
  return { canonicalRequest, stringToSign: `HMAC-SHA256\n${expires}\n${await sha256Hex(canonicalRequest)}` }
}
