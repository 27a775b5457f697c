import { EzError } from '@ez/core'
import type { TransportOptions } from '../transport-options.ts'

/** Which proxy for which scheme, each a URL. */
export interface Proxies {
  readonly http: string | undefined
  readonly https: string | undefined
  /** Hosts without a proxy, in the form of `NO_PROXY`. */
  readonly except: string
}

/**
 * The proxies that an option names, or the environment; `undefined` when there is none.
 *
 * As curl reads it: `http_proxy` in lower case or upper, `https_proxy`, `all_proxy` for both, `no_proxy`; a proxy
 * without a scheme is `http://`.
 *
 * @throws EZ_OPTION_INVALID for a proxy that is no http or https URL
 */
export function proxiesOf(
  proxy: TransportOptions['proxy'],
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Proxies | undefined {
  if (proxy === undefined) return undefined
  if (proxy !== 'environment') {
    const url = proxyUrl(proxy, 'client: option proxy')
    return { http: url, https: url, except: '' }
  }
  const read = (...names: string[]): string | undefined => {
    for (const name of names.flatMap((lower) => [lower, lower.toUpperCase()])) {
      const value = environment[name]?.trim()
      if (value) return proxyUrl(value, name)
    }
    return undefined
  }
  const http = read('http_proxy', 'all_proxy')
  const https = read('https_proxy', 'all_proxy')
  if (http === undefined && https === undefined) return undefined
  return { http, https, except: environment.no_proxy ?? environment.NO_PROXY ?? '' }
}

function proxyUrl(text: string, subject: string): string {
  const whole = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`
  const url = URL.canParse(whole) ? new URL(whole) : undefined
  // Never the text itself: it may hold a password.
  if (url === undefined || url.hostname === '')
    throw new EzError(
      'EZ_OPTION_INVALID',
      `${subject}: it names no proxy. Write it as http://proxy.example.com:3128.`,
    )
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw new EzError(
      'EZ_OPTION_INVALID',
      `${subject}: a proxy of the kind ${url.protocol.slice(0, -1)} is not supported. Use an http or https proxy.`,
    )
  return url.href
}
