import { checkServerIdentity } from 'node:tls'
import { EzError } from '@ez/core'
import type { buildConnector, Dispatcher } from 'undici'
import type { TransportOptions } from '../transport-options.ts'
import type { Undici } from './load-undici.ts'
import { type Proxies, proxiesOf } from './proxies.ts'

/**
 * A dispatcher that makes connections as the options say.
 *
 * HTTP/1.1 only, as Node's own fetch: what is signed is the text of one request.
 *
 * @throws EZ_OPTION_INVALID
 */
export function createDispatcher(undici: Undici, options: TransportOptions): Dispatcher {
  const { proxy, connectTo } = options
  // Node takes any bytes where its types say Buffer.
  const tls = { ...options.tls } as Tls
  const proxies = proxiesOf(proxy)
  if (connectTo === undefined)
    return proxies ? proxied(undici, tls, proxies) : new undici.Agent({ allowH2: false, connect: tls })
  if (proxies)
    throw new EzError(
      'EZ_OPTION_INVALID',
      'client: option connectTo does not go with a proxy: the proxy makes the connection. Leave one of them out.',
    )
  return new undici.Agent({ allowH2: false, connect: connectorTo(undici, tls, connectTo) })
}

type Tls = buildConnector.BuildOptions

function connectorTo(undici: Undici, tls: Tls, connectTo: string): buildConnector.connector {
  const { hostname, port } = new URL(`http://${connectTo}`)
  const named: Record<string, buildConnector.connector> = {}
  return (options, callback) => {
    // The certificate must be of the host that the request is for, also when that is an address.
    const host = options.hostname.replace(/^\[|\]$/g, '')
    named[host] ??= undici.buildConnector({
      ...tls,
      allowH2: false,
      checkServerIdentity: (_, certificate) => checkServerIdentity(host, certificate),
    })
    named[host]({ ...options, hostname: hostname.replace(/^\[|\]$/g, ''), port: port || '80' }, callback)
  }
}

// undici sends https through the proxy for http when there is none for https; curl and others do not.
function proxied(undici: Undici, tls: Tls, { http, https, except }: Proxies): Dispatcher {
  const agentFor = (proxy: string | undefined): Dispatcher =>
    proxy === undefined
      ? new undici.Agent({ allowH2: false, connect: tls })
      : new undici.EnvHttpProxyAgent({
          httpProxy: proxy,
          httpsProxy: proxy,
          noProxy: except,
          allowH2: false,
          connect: tls,
          requestTls: tls,
          // A client certificate is for the server, not for the proxy.
          proxyTls: 'ca' in tls ? { ca: tls.ca } : {},
        } as ConstructorParameters<Undici['EnvHttpProxyAgent']>[0])
  const agents = { http: agentFor(http), https: agentFor(https) }
  return agents.http.compose(
    () => (options, handler) =>
      (String(options.origin).startsWith('https:') ? agents.https : agents.http).dispatch(options, handler),
  )
}
