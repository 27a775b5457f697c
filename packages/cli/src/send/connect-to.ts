import { EzError } from '@ez/core'

const form = /^(\[[0-9a-f:.]+\]|[^:[\]]*):(\d{0,5}):(\[[0-9a-f:.]+\]|[^:[\]]*):(\d{0,5})$/i

/** One connection that is led elsewhere; an empty host or port to connect from stands for any, to connect to for the URL's own. */
interface Detour {
  readonly from: { readonly host: string; readonly port: string }
  readonly to: { readonly host: string; readonly port: string }
}

/**
 * Reads `HOST1:PORT1:HOST2:PORT2` as curl's `--connect-to` does (its manual page): requests for the first are sent to the
 * second. Where several fit, the first counts.
 *
 * @throws EZ_USAGE
 */
export function readConnectTo(texts: readonly string[]): (url: string) => string | undefined {
  const detours = texts.map(read)
  return (url) => {
    const { hostname, port, protocol } = new URL(url)
    const own = { host: hostname.toLowerCase(), port: port || (protocol === 'https:' ? '443' : '80') }
    const found = detours.find(
      ({ from }) =>
        (from.host === '' || from.host === own.host) && (from.port === '' || from.port === own.port),
    )
    return found && `${found.to.host || own.host}:${found.to.port || own.port}`
  }
}

function read(text: string): Detour {
  const [, host, port, toHost, toPort] = form.exec(text) ?? []
  if (host === undefined || port === undefined || toHost === undefined || toPort === undefined)
    throw new EzError(
      'EZ_USAGE',
      `--connect-to ${text}: it must be HOST1:PORT1:HOST2:PORT2, as in api.example.com:443:127.0.0.1:8443; any of the four may be empty.`,
    )
  return { from: { host: host.toLowerCase(), port }, to: { host: toHost, port: toPort } }
}
