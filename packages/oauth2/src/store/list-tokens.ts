import type { About, Entry } from '../token/token.ts'
import type { ListedTokenStore } from './token-store.ts'

/** What a store holds of one token; no values. */
export interface StoredToken {
  /** The id of the step that stored it, such as `authorization-code`. */
  readonly step: string
  /** What it is for; absent when the step encrypts its entries with a key of its own. */
  readonly about?: About
  /** ISO instant until which the present token is used. */
  readonly until?: string
  /** Whether a refresh token is there. */
  readonly isRenewed: boolean
  /** Whether a refresh began and never ended. */
  readonly isUnfinished: boolean
}

/**
 * What a store holds, without any value.
 *
 * @example
 * ```ts
 * import { listTokens, memoryStore } from '@ez/oauth2'
 *
 * console.log(await listTokens(memoryStore()))
 * ```
 */
export async function listTokens(store: ListedTokenStore): Promise<StoredToken[]> {
  const found: StoredToken[] = []
  for (const key of [...(await store.keys())].sort()) {
    const text = await store.get(key)
    if (text === undefined) continue
    const { token, about, refreshing } = entryOf(text)
    const { usableUntil, refreshToken } = token ?? {}
    found.push({
      step: key.slice(0, key.indexOf(':')),
      isRenewed: refreshToken !== undefined,
      isUnfinished: refreshing !== undefined,
      ...(about !== undefined && { about }),
      ...(usableUntil !== undefined && { until: new Date(usableUntil).toISOString() }),
    })
  }
  return found
}

function entryOf(text: string): Entry {
  try {
    return JSON.parse(text) as Entry
  } catch {
    return {}
  }
}
