/** The parts of a URL in wire form, byte for byte as they are sent. */
export interface Target {
  readonly host: string
  readonly path: string
  /** Pairs as written, without `?`. */
  readonly query: readonly string[]
}

/** Splits a URL in wire form; `new URL` would be free to rewrite it. */
export function targetOf(url: string): Target {
  const [, host = '', path = '/', query = ''] = /^[^:]+:\/\/([^/?]*)([^?]*)(?:\?(.*))?$/s.exec(url) ?? []
  return { host, path, query: query.split('&').filter((pair) => pair !== '') }
}
