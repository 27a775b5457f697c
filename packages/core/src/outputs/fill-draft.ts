import type { BodyDraft } from '../template/body-draft.ts'
import type { Draft, HeaderEntry, QueryEntry } from '../template/draft.ts'
import { encodePair } from '../wire/query.ts'
import { splitUrl } from '../wire/url.ts'
import { fill, fillIfKnown } from './fill.ts'
import type { RuntimeValues } from './runtime-values.ts'

/** A header whose value waits for nothing. */
interface FilledHeader extends HeaderEntry {
  readonly value: string
}

/** A draft in which every place has its text; not in wire form yet. */
export interface FilledDraft {
  readonly method: string
  /** Scheme, host and path. */
  readonly head: string
  /** Its pairs, encoded. */
  readonly query: string
  readonly headers: readonly FilledHeader[]
  readonly body: BodyDraft | null
  /** The texts of the body, in its order. */
  readonly bodyTexts: readonly string[]
}

/**
 * Fills the outputs of scripts into every place of a draft that waits for one.
 *
 * @throws EZ_OUTPUT_MISSING with every `{%name%}` that nothing gave a value, and its place
 */
export function fillDraft(draft: Draft, values: RuntimeValues): FilledDraft {
  return fillWith(fillHeaders, draft, values)
}

/** Fills a draft as far as it is known: headers that still wait for an output are left out. @throws EZ_OUTPUT_MISSING */
export function fillKnown(draft: Draft, values: RuntimeValues): FilledDraft {
  return fillWith(fillKnownHeaders, draft, values)
}

type FillHeaders = (headers: readonly HeaderEntry[], values: RuntimeValues) => readonly FilledHeader[]

function fillWith(headersOf: FillHeaders, draft: Draft, values: RuntimeValues): FilledDraft {
  const method = fill(draft.method, values)
  // An output that is the whole URL brings a query; a head that is known by now has given its own.
  const { head, query } =
    typeof draft.head === 'string' ? { head: draft.head, query: [] } : splitUrl(fill(draft.head, values))
  const filled = {
    method,
    head,
    query: fillQuery(query.length === 0 ? draft.query : [...query.map(ownPair), ...draft.query], values),
    body: draft.body,
    bodyTexts: draft.body === null ? [] : draft.body.texts.map((text) => fill(text, values)),
    headers: headersOf(draft.headers, values),
  }
  values.checkMissing()
  return filled
}

const isFilled = (entry: HeaderEntry): entry is FilledHeader => typeof entry.value === 'string'

// Nearly nowhere does one wait, and the list stays as it is.
const fillHeaders: FillHeaders = (headers, values) =>
  headers.every(isFilled) ? headers : headers.map(({ name, value }) => ({ name, value: fill(value, values) }))

const fillKnownHeaders: FillHeaders = (headers, values) =>
  headers.flatMap(({ name, value }) => {
    const text = fillIfKnown(value, values)
    return text === null ? [] : [{ name, value: text }]
  })

const ownPair = (raw: string): QueryEntry => ({ raw })

function fillQuery(query: readonly QueryEntry[], values: RuntimeValues): string {
  let filled = ''
  for (const entry of query) {
    const pair =
      'raw' in entry
        ? fill(entry.raw, values)
        : encodePair(fill(entry.name, values), fill(entry.value, values))
    filled += filled === '' ? pair : `&${pair}`
  }
  return filled
}
