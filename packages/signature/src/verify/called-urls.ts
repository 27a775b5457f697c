/** The URLs that a request may have been signed for. */
export function urlsOf(called: string, isEither: boolean): readonly string[] {
  if (!isEither) return [called]
  const [, scheme = '', host = '', port, rest = ''] =
    /^(https?:\/\/)([^/?#]*?)(:\d+)?([/?#].*)?$/is.exec(called) ?? []
  const added = scheme.toLowerCase() === 'https://' ? ':443' : ':80'
  return [called, port === undefined ? scheme + host + added + rest : scheme + host + rest]
}
