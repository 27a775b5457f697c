import type { Attempt } from './attempt.ts'
import { resolveBody } from './body.ts'
import type { Draft } from './draft.ts'
import { EzError } from './error.ts'
import { type Frozen, freeze, freezeDraft, wireMethod } from './freeze.ts'
import { headerList, queryList } from './pair-list.ts'
import type { BodyTemplate, Pairs, ResolvedRequest } from './request.ts'
import { reveal, Secret } from './secret.ts'
import type { EditableRequest, PairList } from './step.ts'
import { fillIfKnown, type Text } from './text.ts'
import { literalUrl } from './wire-url.ts'

/** The draft as scripts see it, and its end: the frozen request. */
export class EditableDraft implements EditableRequest {
  readonly #draft: Draft
  readonly #attempt: Attempt
  /** What was read by `resolved()`, and is closed since. */
  #closed: Frozen | undefined
  #closedHeaders: Pairs = []
  readonly query: PairList
  readonly headers: PairList

  constructor(draft: Draft, attempt: Attempt) {
    this.#draft = draft
    this.#attempt = attempt
    const { runtime } = attempt
    const plainText = (value: string | Secret): string => {
      if (typeof value === 'string') return value
      if (Secret.isInstance(value)) {
        attempt.conceal(value)
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
    this.query = queryList(draft, runtime, plainText, () => this.#refuseClosed('the query'))
    this.headers = headerList(draft, runtime, plainText, (name) => {
      if (this.#closedHeaders.some(([known]) => known === name)) this.#refuseClosed(`the header ${name}`)
    })
  }

  get method(): string {
    return fillIfKnown(this.#draft.method, this.#attempt.runtime) ?? ''
  }

  set method(method: string) {
    this.#refuseClosed('the method')
    this.#draft.method = wireMethod(method)
  }

  get url(): string {
    return fillIfKnown(this.#draft.head, this.#attempt.runtime) ?? ''
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
    this.#attempt.scope.conceal(body)
    this.#draft.body = body === null ? null : resolveBody(body)
  }

  /** Another object for every body, so that a change can be told. */
  get bodyIdentity(): unknown {
    return this.#draft.body
  }

  resolved(): ResolvedRequest {
    const closed = this.#closed ?? this.#close()
    const request = freeze(this.#draft, this.#attempt, true, closed)
    this.#closed = closed
    this.#closedHeaders = request.headers
    // A copy, so that a script cannot change the bytes that are signed and sent.
    return request.body instanceof Uint8Array
      ? Object.freeze({ ...request, body: request.body.slice() })
      : request
  }

  /** The request as it goes to the signers; every place must be filled by now. */
  freeze(): ResolvedRequest {
    const request = freeze(this.#draft, this.#attempt, false, this.#closed)
    for (const [name, value] of this.#closedHeaders)
      if (!request.headers.some((pair) => pair[0] === name && pair[1] === value))
        this.#refuseClosed(`the header ${name}`)
    return request
  }

  #close(): Frozen {
    const { runtime } = this.#attempt
    const frozen = freezeDraft(this.#draft, this.#attempt)
    runtime.check()
    for (const name of openNames(this.#draft)) if (runtime.get(name) !== undefined) runtime.close(name)
    return frozen
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
