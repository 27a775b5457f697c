import type { Pairs } from '../contract/request.ts'
import type { Mask } from '../masking/mask.ts'
import { fillIfKnown } from '../outputs/fill.ts'
import type { RuntimeValues } from '../outputs/runtime-values.ts'
import type { BodyDraft } from '../template/body-draft.ts'
import type { Draft } from '../template/draft.ts'
import type { Text } from '../template/text.ts'
import { maskHeader, maskInQuery } from '../trace/show.ts'
import { decodePair } from '../wire/query.ts'

/** A request as it was when a script began, or ended; `{%name%}` where an output is awaited. */
export interface Snapshot {
  readonly method: string
  readonly url: string
  readonly query: Pairs
  readonly headers: Pairs
  readonly body: BodyDraft | null
}

/** What of a request a script may change. */
export function snapshot({ method, head, query, headers, body }: Draft, values: RuntimeValues): Snapshot {
  const shown = (text: Text): string => textOrNames(text, values)
  return {
    method: shown(method),
    url: shown(head),
    query: query.map((entry) =>
      'raw' in entry ? decodePair(shown(entry.raw)) : ([shown(entry.name), shown(entry.value)] as const),
    ),
    headers: headers.map(({ name, value }) => [name.toLowerCase(), shown(value)] as const),
    body,
  }
}

function textOrNames(text: Text, values?: RuntimeValues): string {
  if (typeof text === 'string') return text
  return text
    .map((piece) =>
      typeof piece === 'string'
        ? piece
        : ((values && fillIfKnown([piece], values)) ?? `{%${piece.token.name}%}`),
    )
    .join('')
}

type Change = (mask: Mask) => string
type Show = (name: string, text: string, mask: Mask) => string

const none = '(none)'
const shownBytes = 1024

/** What a script changed, each before → after. */
export function changes(before: Snapshot, after: Snapshot): Change[] {
  const list: Change[] = []
  const add = (part: string, name: string, old: string[], now: string[], show: Show): void => {
    if (old.length === now.length && old.every((text, index) => text === now[index])) return
    const shown = (texts: string[], mask: Mask): string =>
      texts.length === 0 ? none : texts.map((text) => show(name, text, mask)).join(', ')
    list.push((mask) => `${part}${mask.apply(name)}: ${shown(old, mask)} → ${shown(now, mask)}`)
  }
  const masked: Show = (_, text, mask) => mask.apply(text)
  add('', 'method', [before.method], [after.method], masked)
  add('', 'url', [before.url], [after.url], masked)
  for (const [part, show] of [
    ['query', maskInQuery],
    ['headers', maskHeader],
  ] as const)
    for (const name of new Set([...before[part], ...after[part]].map(([name]) => name)))
      add(`${part}.`, name, valuesOf(before[part], name), valuesOf(after[part], name), show)
  if (before.body !== after.body)
    list.push((mask) => `body: ${shownBody(before.body, mask)} → ${shownBody(after.body, mask)}`)
  return list
}

const valuesOf = (pairs: Pairs, name: string): string[] =>
  pairs.filter(([known]) => known === name).map(([, value]) => value)

function shownBody(body: BodyDraft | null, mask: Mask): string {
  if (body === null) return none
  if (body.texts.length === 0) return '(bytes)'
  const text = body.texts.map((text) => textOrNames(text)).join(' ')
  return text.length > shownBytes ? `${mask.apply(text, shownBytes)}…` : mask.apply(text)
}
