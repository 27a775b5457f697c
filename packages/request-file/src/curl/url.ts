/** Where a command sends, as curl reads it, and the user information that it takes out. */
export function readUrl(
  given: string,
  upload: string | undefined,
  globOff: boolean,
  notes: string[],
): { readonly url: string; readonly credentials?: string } {
  // curl guesses http, and sends user information as a header.
  const whole = /^[a-z][a-z0-9+.-]*:\/\//i.test(given) ? given : `http://${given}`
  const [, start, user, rest] = /^([a-z][a-z0-9+.-]*:\/\/)(?:([^/?#@]*)@)?(.*)$/is.exec(whole) as unknown as [
    string,
    string,
    string | undefined,
    string,
  ]
  if (!globOff && /\{[^{}]+\}|\[(?:\d+-\d+|[a-z]-[a-z])(?::\d+)?\]/i.test(rest))
    notes.push(
      `curl makes several URLs of the braces and brackets in ${start}${rest}. Here they stand as they are: write one request for each.`,
    )
  const url = `${start}${rest}`
  // It appends the name of the file that is uploaded to a folder.
  const name = upload === undefined || upload === '-' ? '' : (upload.split(/[\\/]/).at(-1) as string)
  return {
    url: name !== '' && /^[a-z]+:\/\/[^?#]*\/$/i.test(url) ? `${url}${encodeURIComponent(name)}` : url,
    ...(user !== undefined && { credentials: decoded(user) }),
  }
}

/** A URL with more in its query, before its fragment. */
export function withQuery(url: string, query: string): string {
  if (query === '') return url
  const [, before, fragment] = /^([^#]*)(#.*)?$/s.exec(url) as unknown as [string, string, string | undefined]
  return `${before}${before.includes('?') ? '&' : '?'}${query}${fragment ?? ''}`
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
