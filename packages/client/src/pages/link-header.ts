const link = /<([^>]*)>((?:\s*;\s*[^=;,\s]+(?:\s*=\s*(?:"(?:[^"\\]|\\.)*"|[^;,\s]*))?)*)/g
const parameter = /;\s*([^=;,\s]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;,\s]*)))?/g

/**
 * The target of the link with `rel="next"` in a `Link` header; `undefined` when there is none.
 *
 * Source: RFC 8288 section 3.
 */
export function nextLink(header: string | null): string | undefined {
  for (const [, target, parameters = ''] of (header ?? '').matchAll(link))
    for (const [, name = '', quoted, plain] of parameters.matchAll(parameter)) {
      if (name.toLowerCase() !== 'rel') continue
      const relations = (quoted ?? plain ?? '').toLowerCase().split(/\s+/)
      if (relations.includes('next')) return target
      // Only the first counts (section 3.3).
      break
    }
  return undefined
}
