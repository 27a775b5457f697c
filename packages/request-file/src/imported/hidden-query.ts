import { isCredentialPair, isWritten } from './credentials.ts'
import type { Take } from './hidden-values.ts'

/** A URL with variables in the place of the credentials in its query. */
export function hiddenQuery(url: string, take: Take): string {
  const [, before = '', query, fragment = ''] = /^([^?#]*)(?:\?([^#]*))?(#.*)?$/s.exec(url) ?? []
  if (query === undefined) return url
  const pairs = query.split('&').map((pair) => {
    const [, name = '', value = ''] = /^([^=]*)=(.*)$/s.exec(pair) ?? []
    const plain = decoded(name)
    const text = decoded(value)
    if (plain === undefined || text === undefined || !isCredentialPair(plain) || !isWritten(text)) return pair
    return `${name}=${take(`the query, ${plain}`, plain, text)}`
  })
  return `${before}?${pairs.join('&')}${fragment}`
}

/** Percent-decoded; `undefined` when it cannot be. */
export function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}
