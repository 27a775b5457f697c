import { resolveBody, type WireBody } from './body.ts'
import type { Draft } from './draft.ts'
import { EzError } from './error.ts'
import {
  type FreezeOptions,
  frozenBody,
  frozenHeaders,
  frozenUrl,
  sealRequest,
  wireMethod,
} from './freeze.ts'
import { headerList, queryList } from './pair-list.ts'
import type { BodyTemplate, ResolvedRequest } from './request.ts'
import { reveal, Secret, secretsIn } from './secret.ts'
import type { EditableRequest, PairList } from './step.ts'
import { fill, fillIfKnown, type Text } from './text.ts'
import { literalUrl } from './wire-url.ts'

/** What was read by `resolved()`, and is closed since. */
export interface Closed {
  readonly method: string
  readonly url: string
  readonly body: WireBody | null
  readonly headers: readonly (readonly [string, string])[]
}

/** The draft as scripts see it, and its end: the frozen request. */
export class EditableDraft implements EditableRequest {
  readonly #draft: Draft
  readonly #options: FreezeOptions
  readonly #masked: Set<string>
  #closed: Closed | undefined
  readonly query: PairList
  readonly headers: PairList

  constructor(draft: Draft, options: FreezeOptions, masked: Set<string>) {
    this.#draft = draft
    this.#options = options
    this.#masked = masked
    const plainText = (value: string | Secret): string => {
      if (typeof value === 'string') return value
      if (Secret.isInstance(value)) {
        masked.add(reveal(value))
        return reveal(value)
      }
      // Scripts in JavaScript often give numbers; anything else would be sent as a word like "undefined".
      const given: unknown = value
      if (typeof given === 'boolean' || Number.isFinite(given)) return String(given)
      throw new EzError(
        'EZ_SCRIPT_VALUE',
        'A script set a header or query pair to a value that is no text. Write it as a string.',
      )
    }
    this.query = queryList(draft, options.runtime, plainText, () => this.#refuseClosed('the query'))
    this.headers = headerList(draft, options.runtime, plainText, (name) => {
      if (this.#closed?.headers.some(([known]) => known === name)) this.#refuseClosed(`the header ${name}`)
    })
  }

  get method(): string {
    return fillIfKnown(this.#draft.method, this.#options.runtime) ?? ''
  }

  set method(method: string) {
    this.#refuseClosed('the method')
    this.#draft.method = wireMethod(method)
  }

  get url(): string {
    return fillIfKnown(this.#draft.head, this.#options.runtime) ?? ''
  }

  set url(url: string) {
    this.#refuseClosed('the URL')
    const { head, query } = literalUrl(url)
    if (query.length > 0)
      throw new EzError(
        'EZ_URL_INVALID',
        'url: a script set a URL with a query. Set its pairs with request.query.',
      )
    this.#draft.head = head
  }

  setBody(body: BodyTemplate | null): void {
    this.#refuseClosed('the body')
    for (const text of secretsIn(body)) this.#masked.add(text)
    this.#draft.body = body === null ? null : resolveBody(body)
  }

  /** Another object for every body, so that a change can be told. */
  get bodyIdentity(): unknown {
    return this.#draft.body
  }

  resolved(): ResolvedRequest {
    const closed = this.#closed ?? this.#close()
    const headers = frozenHeaders(this.#draft, closed.body, this.#options, true)
    this.#closed = { ...closed, headers: headers.map(([name, value]) => [name, value]) }
    // A copy, so that a script cannot change the bytes that are signed and sent.
    const body =
      closed.body?.body instanceof Uint8Array
        ? { ...closed.body, body: closed.body.body.slice() }
        : closed.body
    return sealRequest(closed.method, closed.url, headers, body)
  }

  /** The request as it goes to the signers; every place must be filled by now. */
  freeze(): ResolvedRequest {
    const { runtime } = this.#options
    const closed = this.#closed
    const method = closed?.method ?? wireMethod(fill(this.#draft.method, runtime))
    const url = closed?.url ?? frozenUrl(this.#draft, this.#options)
    const body = closed ? closed.body : frozenBody(method, this.#draft.body, this.#options)
    const headers = frozenHeaders(this.#draft, body, this.#options, false)
    runtime.check()
    for (const [name, value] of closed?.headers ?? [])
      if (!headers.some((pair) => pair[0] === name && pair[1] === value))
        this.#refuseClosed(`the header ${name}`)
    return sealRequest(method, url, headers, body)
  }

  #close(): Closed {
    const { runtime } = this.#options
    const method = wireMethod(fill(this.#draft.method, runtime))
    const url = frozenUrl(this.#draft, this.#options)
    const body = frozenBody(method, this.#draft.body, this.#options)
    runtime.check()
    for (const name of openNames(this.#draft)) if (runtime.get(name) !== undefined) runtime.close(name)
    return { method, url, body, headers: [] }
  }

  #refuseClosed(what: string): void {
    if (this.#closed)
      throw new EzError(
        'EZ_CHANGED_AFTER_READ',
        `A script changed ${what} after request.resolved() had been read. Change it first, then read.`,
      )
  }
}

/** The runtime names that places of a draft wait for. */
export function openNames(draft: Draft): Set<string> {
  const names = new Set<string>()
  const note = (text: Text | Uint8Array | undefined): void => {
    if (text === undefined || typeof text === 'string' || text instanceof Uint8Array) return
    for (const part of text) if (typeof part !== 'string') names.add(part.token.path[0] as string)
  }
  note(draft.method)
  note(draft.head)
  for (const entry of draft.query) {
    if ('raw' in entry) note(entry.raw)
    else {
      note(entry.name)
      note(entry.value)
    }
  }
  for (const { value } of draft.headers) note(value)
  const { body } = draft
  if (body?.kind === 'text') note(body.text)
  else if (body?.kind === 'form') for (const pair of body.pairs) pair.forEach(note)
  else if (body?.kind === 'multipart')
    for (const part of body.parts) [part.name, part.value, part.filename, part.contentType].forEach(note)
  return names
}
