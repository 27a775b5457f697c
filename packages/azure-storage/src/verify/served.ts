import type { Received } from './received.ts'
import { refusal } from './refusal.ts'

/** Whose resource a request is for. */
export interface Served {
  readonly service: 'blob' | 'queue' | 'table' | 'file'
  /** Whether host or options say so. */
  readonly isTold: boolean
  /** The path behind the account, as it came: `/container/name`. */
  readonly ownPath: string
}

const byLabel: Readonly<Record<string, Served['service']>> = {
  blob: 'blob',
  dfs: 'blob',
  web: 'blob',
  queue: 'queue',
  table: 'table',
  file: 'file',
}

/**
 * Finds the account in host or path, and refuses a request for another one. A domain of one's own names none.
 *
 * @param signsPath whether the whole path is signed by the account's own key, so that the path needs no account
 * @throws EZ_KEY_UNKNOWN
 */
export function servedBy(
  { url }: Received,
  accountName: string,
  given: Served['service'] | undefined,
  signsPath: boolean,
): Served {
  const labels = url.hostname.split('.')
  const label = labels.slice(1, -1).find((one) => Object.hasOwn(byLabel, one))
  const service = given ?? (label === undefined ? undefined : byLabel[label]) ?? 'blob'
  const isTold = given !== undefined || label !== undefined
  const isOwn = (name: string): boolean => name === accountName || name === `${accountName}-secondary`
  if (label !== undefined || isOwn(labels[0] ?? '')) {
    if (!isOwn(labels[0] ?? '')) throw another(labels[0] ?? '')
    return { service, isTold, ownPath: url.pathname }
  }
  // Addresses, and names within a machine or cluster, are an emulator's, which names the account in the path.
  const isInPath = /^[\d.]+$|^\[|^[^.]+$|\.(internal|local|localhost)$/.test(url.hostname)
  if (!isInPath || signsPath) return { service, isTold, ownPath: url.pathname }
  const [, first = '', rest = ''] = /^\/([^/]*)(.*)$/s.exec(url.pathname) ?? []
  if (!isOwn(first)) throw another(first)
  return { service, isTold, ownPath: rest || '/' }
}

function another(name: string): Error {
  return refusal('EZ_KEY_UNKNOWN', `the URL is of the account "${name}", and the signature of another one.`)
}
