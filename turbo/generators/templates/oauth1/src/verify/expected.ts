/** The base string that the client must have signed, worked out from what was received and nothing of the signer's. */
export function expectedBaseString(method: string, url: URL, signed: Readonly<Record<string, string>>): string {
  const pairs = [...url.searchParams, ...Object.entries(signed)].map((pair) => pair.map(encode).join('='))
  // Names and values hold no "=" once they are encoded, which sorts them as pairs.
  const parameters = pairs.map((pair) => pair.replace('=', '\0')).sort().join('&').replaceAll('\0', '=')
  return [method, url.origin + url.pathname, parameters].map(encode).join('&')
}

/** Percent-encodes all but the unreserved characters of RFC 3986. */
export function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`)
}
