import { EzError } from '../base/error.ts'

/** @throws EZ_HOST_NOT_ALLOWED when the host is none of the allowed ones (`api.example.com`, `*.example.com`, either with a port) */
export function checkHost(url: string, allowedHosts: readonly string[] | undefined): void {
  if (allowedHosts === undefined) return
  if (!Array.isArray(allowedHosts))
    throw new EzError('EZ_OPTION_INVALID', 'allowedHosts: it must be a list of hosts.')
  const { protocol, host, hostname } = new URL(url)
  const withPort = host === hostname ? `${host}:${protocol === 'https:' ? 443 : 80}` : host
  const matches = allowedHosts.some((pattern) => {
    const wanted = asciiHost(pattern)
    return [hostname, withPort].some((name) =>
      wanted.startsWith('*.')
        ? name.endsWith(wanted.slice(1)) && name.length > wanted.length - 1
        : name === wanted,
    )
  })
  if (!matches)
    throw new EzError(
      'EZ_HOST_NOT_ALLOWED',
      `url: the host ${host} is not one of allowedHosts (${allowedHosts.join(', ')}).`,
    )
}

/** A host of `allowedHosts` as URLs hold it: lower case, punycode. */
function asciiHost(pattern: string): string {
  if (typeof pattern !== 'string' || pattern.includes('/'))
    throw new EzError('EZ_OPTION_INVALID', `allowedHosts: ${JSON.stringify(pattern)} is not a host.`)
  const lower = pattern.toLowerCase()
  if (/^[\x21-\x7e]*$/.test(lower)) return lower
  // Apart, since a URL takes no wildcard, and would drop a default port.
  const [, wildcard = '', name = '', port = ''] = /^(\*\.)?(.*?)(:\d+)?$/.exec(lower) ?? []
  try {
    return wildcard + new URL(`http://${name}`).host + port
  } catch {
    throw new EzError('EZ_OPTION_INVALID', `allowedHosts: ${JSON.stringify(pattern)} is not a host.`)
  }
}
