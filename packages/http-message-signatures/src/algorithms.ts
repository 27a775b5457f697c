/** The algorithms of RFC 9421 section 3.3, and how WebCrypto names them. */
export const algorithms = {
  'rsa-pss-sha512': {
    key: { name: 'RSA-PSS', hash: 'SHA-512' },
    use: { name: 'RSA-PSS', saltLength: 64 },
  },
  'rsa-v1_5-sha256': {
    key: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
    use: { name: 'RSASSA-PKCS1-v1_5' },
  },
  'hmac-sha256': { key: { name: 'HMAC', hash: 'SHA-256' }, use: { name: 'HMAC' } },
  'ecdsa-p256-sha256': {
    key: { name: 'ECDSA', namedCurve: 'P-256' },
    use: { name: 'ECDSA', hash: 'SHA-256' },
  },
  'ecdsa-p384-sha384': {
    key: { name: 'ECDSA', namedCurve: 'P-384' },
    use: { name: 'ECDSA', hash: 'SHA-384' },
  },
  ed25519: { key: { name: 'Ed25519' }, use: { name: 'Ed25519' } },
} as const

/** A name of the registry "HTTP Signature Algorithms". */
export type SignatureAlgorithm = keyof typeof algorithms
