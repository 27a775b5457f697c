/** The `authorization` value for a signature by the master key, percent-encoded once. */
export function authorizeByMasterKey(signature: string): string {
  return `type%3Dmaster%26ver%3D1.0%26sig%3D${encodeURIComponent(signature)}`
}

/** The `authorization` value for a Microsoft Entra token. */
export function authorizeByAadToken(token: string): string {
  return `type%3Daad%26ver%3D1.0%26sig%3D${encodeURIComponent(token)}`
}

/** The `authorization` value for a resource token, which may already be percent-encoded. */
export function authorizeByResourceToken(token: string): string {
  return /^type%3d/i.test(token) ? token : encodeURIComponent(token)
}
