import type { EncodedPair } from './parameters.ts'

/** The beginning of an `Authorization` value (RFC 5849 section 3.5.1). The realm is never signed. */
export function beginHeader(realm: string | undefined): string {
  return realm === undefined ? 'OAuth' : `OAuth realm="${realm.replace(/["\\]/g, '\\$&')}",`
}

/** A pair as it stands in the header, with the comma that follows it. */
export function joinInHeader(pair: EncodedPair): string {
  return ` ${pair[0]}="${pair[1]}",`
}
