import type { EditableDraft } from './editable.ts'
import { type Mask, mark, sensitiveHeaders } from './mask.ts'

/** A request as it was when a script began, or ended. */
export interface Snapshot {
  readonly method: string
  readonly url: string
  readonly query: readonly (readonly [string, string])[]
  readonly headers: readonly (readonly [string, string])[]
  readonly body: unknown
}

/** What of a request a script may change. */
export function snapshot(request: EditableDraft): Snapshot {
  return {
    method: request.method,
    url: request.url,
    query: [...request.query.entries()],
    headers: [...request.headers.entries()],
    body: request.bodyIdentity,
  }
}

type Change = (mask: Mask) => string

/** What a script changed, each before → after. */
export function changes(before: Snapshot, after: Snapshot): Change[] {
  const list: Change[] = []
  const add = (what: string, old: string | undefined, now: string | undefined): void => {
    const show = (text: string | undefined, mask: Mask): string =>
      text === undefined
        ? '(none)'
        : sensitiveHeaders.has(what.replace('headers.', ''))
          ? mark
          : mask.apply(text)
    if (old !== now) list.push((mask) => `${mask.apply(what)}: ${show(old, mask)} → ${show(now, mask)}`)
  }
  add('method', before.method, after.method)
  add('url', before.url, after.url)
  for (const part of ['query', 'headers'] as const) {
    const names = new Set([...before[part], ...after[part]].map(([name]) => name))
    for (const name of names) add(`${part}.${name}`, joined(before[part], name), joined(after[part], name))
  }
  if (before.body !== after.body) list.push(() => 'body: replaced')
  return list
}

function joined(pairs: Snapshot['query'], name: string): string | undefined {
  const values = pairs.filter(([known]) => known === name).map(([, value]) => value)
  return values.length === 0 ? undefined : values.join(', ')
}
