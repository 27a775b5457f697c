/** What another tool wrote. */
export type ImportKind = 'curl' | 'postman' | 'bruno' | 'http' | 'ez'

/** The kinds, as messages call them. */
export const kinds: Readonly<Record<ImportKind, string>> = {
  curl: 'cURL command',
  postman: 'Postman collection',
  bruno: 'Bruno collection',
  http: '.http file',
  ez: 'export',
}

export const isKind = (word: string | undefined): word is ImportKind =>
  word !== undefined && Object.hasOwn(kinds, word)

const byName: readonly (readonly [RegExp, ImportKind])[] = [
  [/\.(?:http|rest)$/i, 'http'],
  [/\.bru$/i, 'bruno'],
  [/\.ez$/i, 'ez'],
]

// Assignments and programs that run another may stand in front.
const curl = /^[ \t]*(?:[$%] )?(?:[A-Za-z_]\w*=\S* +|time +|sudo +)*(?:\S*[\\/])?curl(?:\.exe)?(?:[ \t\\]|$)/m

/** What a source is, by its name or by what it holds; `undefined` when that cannot be told. */
export function guessKind(name: string, text: string): ImportKind | 'environment' | undefined {
  const named = byName.find(([pattern]) => pattern.test(name))?.[1]
  if (named) return named
  const start = text.trimStart()
  if (start.startsWith('{') || start.startsWith('[')) return ofJson(start)
  if (/^opencollection\s*:/m.test(start) || /^info\s*:[\s\S]*^(?:http|graphql)\s*:/m.test(start))
    return 'bruno'
  if (/\.ya?ml$/i.test(name)) return undefined
  if (/^(?:###|(?:GET|HEAD|POST|PUT|DELETE|PATCH|OPTIONS)[ \t]+\S)/m.test(start)) return 'http'
  return curl.test(start) ? 'curl' : undefined
}

function ofJson(text: string): ImportKind | 'environment' | undefined {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return undefined
  }
  const { info, item, values, opencollection } = (value ?? {}) as Readonly<Record<string, unknown>>
  if (info !== undefined && Array.isArray(item)) return 'postman'
  if (opencollection !== undefined) return 'bruno'
  if (Array.isArray(values)) return 'environment'
  return /"endpoint url"\s*:/i.test(text) ? 'ez' : undefined
}
