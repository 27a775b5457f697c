/** Reads `name=value` pairs behind each other; every value of a name, in order. */
export function parseParameters(
  text: string,
  separator: string,
  assign: string,
  quote: boolean,
): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>()
  let at = 0
  while (at < text.length) {
    const equals = text.indexOf(assign, at)
    if (equals < 0) break
    const name = text.slice(at, equals).trim()
    let start = equals + assign.length
    let end: number
    let next: number
    if (quote && text[start] === '"') {
      start += 1
      end = text.indexOf('"', start)
      if (end < 0) break
      next = text.indexOf(separator, end)
    } else {
      next = text.indexOf(separator, start)
      end = next < 0 ? text.length : next
    }
    const value = quote ? text.slice(start, end) : text.slice(start, end).trim()
    const values = found.get(name)
    if (values) values.push(value)
    else found.set(name, [value])
    at = next < 0 ? text.length : next + separator.length
  }
  return found
}
