import type { colors } from './colors.ts'

type Colors = ReturnType<typeof colors>

// Strings, marks, and words: numbers and literals. RFC 8259 section 2.
const token = /"(?:[^"\\]|\\.)*"|[{}[\]:,]|[^\s{}[\]:,"]+/gs

/**
 * JSON laid out over lines, in colour; numbers keep their digits. What is no JSON is `undefined`; of a part, which
 * breaks off somewhere, the beginning decides.
 */
export function jsonText(
  text: string,
  { cyan, green, yellow, magenta }: Colors,
  isWhole: boolean,
): string | undefined {
  if (!/^\s*[{[]/.test(text) || (isWhole && !isJson(text))) return undefined
  const tokens = text.match(token) ?? []
  let depth = 0
  let result = ''
  for (const [index, part] of tokens.entries()) {
    const next = tokens[index + 1]
    const opens = part === '{' || part === '['
    const closes = part === '}' || part === ']'
    if (closes && !isOpening(tokens[index - 1])) {
      depth -= 1
      result += `\n${'  '.repeat(depth)}`
    } else if (closes) depth -= 1
    if (part === ':') result += ': '
    else if (part.startsWith('"')) result += next === ':' ? cyan(part) : green(part)
    else if (opens || closes || part === ',') result += part
    else result += /^[-\d]/.test(part) ? yellow(part) : magenta(part)
    if (opens) depth += 1
    if ((opens && next !== '}' && next !== ']') || part === ',') result += `\n${'  '.repeat(depth)}`
  }
  return result
}

const isOpening = (part: string | undefined): boolean => part === '{' || part === '['

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
