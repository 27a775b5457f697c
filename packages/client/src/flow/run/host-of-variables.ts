const authority = /^(?:[A-Za-z][\w+.-]*:\/\/)?(?:\{\{[^{}]*\}\}|[^/?#{])*/
const deepest = 16

/**
 * A URL whose host comes through variables that hold runtime values, with their texts in place: an answer chooses that
 * host, and the rules for such URLs hold. Any other URL as it is.
 */
export function withHostOfVariables(
  url: string,
  variables: Readonly<Record<string, unknown>>,
  data: Readonly<Record<string, unknown>>,
): string {
  const textOf = (name: string): string | undefined => {
    const value = Object.hasOwn(variables, name) && !Object.hasOwn(data, name) ? variables[name] : undefined
    return typeof value === 'string' ? value : undefined
  }
  let text = url
  for (let depth = 0; depth < deepest; depth += 1) {
    const start = authority.exec(text)?.[0] ?? ''
    const filled = start.replace(/\{\{\s*([\w-]+)\s*\}\}/g, (token, name: string) => {
      const value = textOf(name)
      return value !== undefined && holdsRuntimeValue(value, textOf) ? value : token
    })
    if (filled === start) break
    text = `${filled}${text.slice(start.length)}`
  }
  return text
}

function holdsRuntimeValue(value: string, textOf: (name: string) => string | undefined, depth = 0): boolean {
  if (value.includes('{%')) return true
  if (depth === deepest) return false
  return [...value.matchAll(/\{\{\s*([\w-]+)\s*\}\}/g)].some(([, name = '']) => {
    const inner = textOf(name)
    return inner !== undefined && holdsRuntimeValue(inner, textOf, depth + 1)
  })
}
