/** The `authorization` value for a signature by the master key, percent-encoded once. */
export function authorizeByMasterKey(signature: string): string {
  return `type%3Dmaster%26ver%3D1.0%26sig%3D${encodeBase64(signature)}`
}

/** The `authorization` value for a Microsoft Entra token. */
export function authorizeByAadToken(token: string): string {
  return `type%3Daad%26ver%3D1.0%26sig%3D${encodeURIComponent(token)}`
}

/** The `authorization` value for a resource token, which may already be percent-encoded. */
export function authorizeByResourceToken(token: string): string {
  return /^type%3d/i.test(token) ? token : encodeURIComponent(token)
}

// Of the alphabet of base64 only `+`, `/` and the `=` at the end are encoded: finding them takes less than half the
// time of encodeURIComponent.
function encodeBase64(text: string): string {
  let encoded = ''
  let start = 0
  let plus = text.indexOf('+')
  let slash = text.indexOf('/')
  while (plus !== slash) {
    const isPlus = slash < 0 || (plus >= 0 && plus < slash)
    const index = isPlus ? plus : slash
    encoded += text.slice(start, index) + (isPlus ? '%2B' : '%2F')
    start = index + 1
    if (isPlus) plus = text.indexOf('+', start)
    else slash = text.indexOf('/', start)
  }
  return `${encoded}${text.slice(start, -1)}%3D`
}
