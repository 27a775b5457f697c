import { resolve } from 'node:path'
import type { ClientOptions, TransportOptions } from '@ez/client'
import { EzError } from '@ez/core'
import type { Dispatcher } from 'undici'
import { readText } from '../files/source.ts'
import { readConnectTo } from './connect-to.ts'

/** How connections are made. */
export interface TransportFlags {
  /** Files of certificate authorities, beside the system's. */
  readonly ca?: readonly string[]
  /** Client certificate. */
  readonly cert?: string
  /** Key of the client certificate. */
  readonly key?: string
  /** Where connections are led, `HOST1:PORT1:HOST2:PORT2` each. */
  readonly connectTo?: readonly string[]
}

/** What a client is told of connections. */
export type Connections = Pick<ClientOptions, 'tls' | 'proxy' | 'connectTo'>

/**
 * How the connections of a client are made: as `connectionOptions`, or led elsewhere.
 *
 * @throws EZ_USAGE, EZ_OPTION_INVALID where the environment names a proxy, which makes the connections itself
 */
export async function transportOptions(flags: TransportFlags): Promise<Connections> {
  const { proxy, ...options } = await connectionOptions(flags)
  if (flags.connectTo === undefined) return { ...options, ...(proxy !== undefined && { proxy }) }
  const named = proxyNames.find((name) => process.env[name] || process.env[name.toUpperCase()])
  if (named !== undefined)
    throw new EzError(
      'EZ_OPTION_INVALID',
      `--connect-to does not go with a proxy, and the environment has ${named}: the proxy makes the connection. Unset it for this command.`,
    )
  return { ...options, connectTo: readConnectTo(flags.connectTo) }
}

const proxyNames = ['https_proxy', 'http_proxy', 'all_proxy'] as const

/** With the given certificates, through the proxies of the environment. @throws EZ_USAGE */
async function connectionOptions(flags: TransportFlags): Promise<TransportOptions> {
  const { ca, cert, key } = flags
  if ((cert === undefined) !== (key === undefined))
    throw new EzError('EZ_USAGE', '--cert and --key belong together. Give both.')
  const tls = await tlsOptions(flags)
  return { proxy: 'environment', ...((ca ?? cert ?? key) !== undefined && { tls }) }
}

/** A dispatcher that makes connections in that way. @throws EZ_USAGE, EZ_OPTION_INVALID */
export async function createDispatcher(flags: TransportFlags): Promise<Dispatcher> {
  const options = await connectionOptions(flags)
  const [undici, { createDispatcher: create }] = await Promise.all([
    import('undici'),
    import('@ez/client/dispatcher'),
  ])
  return create(undici, options)
}

/**
 * A `fetch` for token requests that are not sent by a client: with the given certificates, through the proxies of the
 * environment. Files are read, and the library is loaded, when it is first used.
 *
 * @throws EZ_USAGE, EZ_OPTION_INVALID when it is used
 */
export function connectedFetch(flags: TransportFlags): typeof fetch {
  const isPlain =
    (flags.ca ?? flags.cert ?? flags.key) === undefined &&
    proxyNames.every((name) => !process.env[name] && !process.env[name.toUpperCase()])
  if (isPlain) return fetch
  let loading:
    | Promise<{ readonly undici: typeof import('undici'); readonly dispatcher: Dispatcher }>
    | undefined
  return async (input, init) => {
    loading ??= Promise.all([import('undici'), createDispatcher(flags)]).then(([undici, dispatcher]) => ({
      undici,
      dispatcher,
    }))
    const { undici, dispatcher } = await loading
    // Its types are another copy of the same standard.
    const send = undici.fetch as unknown as (input: unknown, init: object) => Promise<Response>
    return send(input, { ...init, dispatcher })
  }
}

async function tlsOptions({ ca, cert, key }: TransportFlags): Promise<NonNullable<TransportOptions['tls']>> {
  const pem = (file: string): Promise<string> => readText(file, resolve(file))
  const authorities: string[] = []
  for (const file of ca ?? []) authorities.push(await pem(file))
  // Given authorities replace the built-in ones, which are still wanted.
  const { rootCertificates } = await import('node:tls')
  return {
    ...(ca && { ca: [...rootCertificates, ...authorities] }),
    ...(cert !== undefined && { cert: await pem(cert) }),
    ...(key !== undefined && { key: await pem(key) }),
  }
}

const certificate = /^(?:CERT_|ERR_TLS_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_(?:GET_ISSUER|VERIFY))/

/** What a flag of the command can do about a failed connection. */
export function connectionHint(error: unknown): string | undefined {
  const system = EzError.isInstance(error) ? error.details.system : undefined
  if (typeof system !== 'string' || !certificate.test(system)) return undefined
  return 'If the certificate comes from an authority of your own, give it with --ca.'
}
