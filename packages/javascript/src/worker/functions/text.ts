import type { HostFunction } from './host-function.ts'
import { changeUrl, parseUrl } from './url-parts.ts'

/** Encodings and URLs, as the host knows them. */
export const textFunctions: Readonly<Record<string, HostFunction>> = {
  encode: (given) => new TextEncoder().encode(given.text(0)),
  decode: (given) =>
    new TextDecoder(given.text(1), { fatal: given.boolean(2), ignoreBOM: given.boolean(3) }).decode(
      given.data(0) as Uint8Array,
    ),
  btoa: (given) => btoa(given.text(0)),
  atob: (given) => atob(given.text(0)),
  parseUrl: (given) => parseUrl(given.text(0), given.isMissing(1) ? undefined : given.text(1)),
  changeUrl: (given) => changeUrl(given.text(0), given.text(1), given.text(2)),
  // As browsers and Node sort: QuickJS alone compares code points. English where nothing is named, on every machine.
  compare: (given) =>
    new Intl.Collator(
      given.isMissing(2) ? 'en' : (JSON.parse(given.text(2)) as string | string[]),
      given.isMissing(3) ? undefined : (JSON.parse(given.text(3)) as Intl.CollatorOptions),
    ).compare(given.text(0), given.text(1)),
  queryPairs: (given) => [...new URLSearchParams(given.text(0))],
  queryText: (given) => new URLSearchParams(JSON.parse(given.text(0)) as [string, string][]).toString(),
}
