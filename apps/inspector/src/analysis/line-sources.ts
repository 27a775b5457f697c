import type { RequestPart } from './request-parts.ts'

const byName: Readonly<Record<string, string>> = {
  method: 'method',
  verb: 'method',
  path: 'path',
  url: 'path',
  'resource link': 'path',
  'canonical resource': 'path',
  'resource type': 'path',
  'body hash': 'body',
}

/** The part of the request that a line of a stage comes from; `undefined` when it comes from none, or from several. */
export function sourceOf(
  name: string | undefined,
  text: string,
  parts: readonly RequestPart[],
): string | undefined {
  const has = (id: string): string | undefined => parts.find((part) => part.id === id)?.id
  const named = name === undefined ? undefined : byName[name]
  if (named !== undefined) return has(named)
  if (name === 'query') return parts.find(({ id }) => id.startsWith('query:'))?.id
  if (name === 'signed headers') return has('header:authorization') ?? has('query:X-Amz-SignedHeaders')
  if (name === 'instant') return has('header:x-amz-date') ?? has('query:X-Amz-Date') ?? has('header:date')
  if (name === 'date') return has('header:x-ms-date') ?? has('header:date')
  if (name === 'parameter') {
    const [parameter = ''] = text.split('=', 1)
    return (
      has(`query:${parameter}`) ??
      (parameter.startsWith('oauth_') ? has('header:authorization') : has('body'))
    )
  }
  return byText(text, parts)
}

// Lines of schemes that are described as data: `name: value`, `"name": value`, or the value alone.
function byText(text: string, parts: readonly RequestPart[]): string | undefined {
  if (text === '') return undefined
  const [, quoted, plain] = /^(?:"([^"]+)"|([\w()-]+)):/.exec(text) ?? []
  const field = (quoted ?? plain ?? '').toLowerCase()
  const derived: Readonly<Record<string, string>> = {
    '@method': 'method',
    '@target-uri': 'path',
    '@path': 'path',
    '@request-target': 'path',
    '(request-target)': 'path',
    '@authority': 'host',
    host: 'host',
    '@signature-params': 'header:signature-input',
    '@query': 'query',
  }
  const wanted = derived[field] ?? `header:${field}`
  const found = parts.find(({ id }) => id === wanted || (wanted === 'query' && id.startsWith('query:')))
  return (found ?? parts.find(({ value }) => value === text || value.toLowerCase() === text.toLowerCase()))
    ?.id
}
