const credential =
  /((?:secret|password|passphrase|token|(?:master|access|api|private|secret)[_-]?key|authorization)["']?\s*:\s*)("(?:[^"\\]|\\.)*"?|'[^']*'?|[^\s,{}[\]"'][^,}\]]*)/gi

/** A line of a file with the credentials that are written in it hidden, each by as many characters; tokens stay. */
export function withoutCredentials(line: string): string {
  return line.replace(credential, (whole, name: string, value: string) =>
    /\{\{|\{%/.test(value) ? whole : `${name}${value.replace(/[^"'\s]/g, '*')}`,
  )
}
