import { resolve } from 'node:path'
import { EzError } from '@ez/core'
import type { Dispatcher } from 'undici'
import { readText } from '../files/source.ts'

/** How connections are made. */
export interface TransportFlags {
  /** Files of certificate authorities, beside the system's. */
  readonly ca?: readonly string[]
  /** Client certificate. */
  readonly cert?: string
  /** Key of the client certificate. */
  readonly key?: string
}

const proxyVariables = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'] as const

/** A dispatcher with the given certificates and the proxy of the environment; `undefined` when the host's own will do. */
export async function createDispatcher(flags: TransportFlags): Promise<Dispatcher | undefined> {
  const proxied = proxyVariables.some((name) => process.env[name])
  if (!flags.ca && !flags.cert && !flags.key && !proxied) return undefined
  if ((flags.cert === undefined) !== (flags.key === undefined))
    throw new EzError('EZ_USAGE', '--cert and --key belong together. Give both.')
  const tls = await tlsOptions(flags)
  const { EnvHttpProxyAgent } = await import('undici')
  return new EnvHttpProxyAgent({ connect: tls, requestTls: tls, proxyTls: { ca: tls.ca } } as object)
}

/** The `fetch` of a run. */
export async function createFetch(flags: TransportFlags): Promise<typeof fetch> {
  const dispatcher = await createDispatcher(flags)
  if (!dispatcher) return fetch
  const { fetch: send } = await import('undici')
  return ((input: string, init: object) => send(input, { ...init, dispatcher })) as unknown as typeof fetch
}

async function tlsOptions({
  ca,
  cert,
  key,
}: TransportFlags): Promise<{ ca?: string[]; cert?: string; key?: string }> {
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
