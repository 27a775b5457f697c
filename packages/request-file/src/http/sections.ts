/** A request of a `.http` file with all that stands around it. */
export interface Section {
  /** What stands behind `###`. */
  readonly title: string
  readonly lines: readonly string[]
}

const comment = /^\s*(?:#|\/\/)/
// Where no ### divides requests, the next one must say its method and look like a URL.
const nextRequest =
  /^(?:GET|HEAD|POST|PUT|DELETE|PATCH|OPTIONS|TRACE|GRAPHQL)\s+(?:https?:\/\/|\{\{)\S*(?:\s+HTTP\/[\d.]+)?\s*$/

/** Splits a file at `###`, and before a request line that follows an empty line. */
export function sectionsOf(text: string): Section[] {
  const parts = `\n${text.replaceAll('\r\n', '\n')}`.split(/\n###/)
  return parts.flatMap((part, index) => {
    const [title = '', ...lines] = part.split('\n')
    return index === 0 ? divided('', part.split('\n')) : divided(title.replace(/^#+/, '').trim(), lines)
  })
}

function divided(title: string, lines: readonly string[]): Section[] {
  const starts: number[] = []
  let seen = false
  for (const [index, line] of lines.entries()) {
    if (!nextRequest.test(line)) continue
    // Its comments and variables stand right above it.
    let start = index
    while (
      start > 0 &&
      (comment.test(lines[start - 1] as string) || /^@\S+\s*=/.test(lines[start - 1] as string))
    )
      start -= 1
    if (seen && (lines[start - 1] ?? '').trim() === '') starts.push(start)
    seen = true
  }
  const bounds = [0, ...starts, lines.length]
  return bounds.slice(1).map((end, index) => ({
    title: index === 0 ? title : '',
    lines: lines.slice(bounds[index], end),
  }))
}
