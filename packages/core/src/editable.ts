import type { Attempt } from './attempt.ts'
import { resolveBody } from './body.ts'
import type { Draft } from './draft.ts'
import { EzError } from './error.ts'
import { type Frozen, freeze, freezeDraft, wireMethod } from './freeze.ts'
import { headerList, queryList } from './pair-list.ts'
import type { BodyTemplate, Pairs, ResolvedRequest } from './request.ts'
import { reveal, Secret } from './secret.ts'
import type { EditableRequest, PairList } from './step.ts'
import { fillIfKnown } from './text.ts'
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
export function openNames({ method, head, query, headers, body }: Draft): Set<string> {
  const texts = [
    method,
    head,
    ...query.flatMap((entry) => ('raw' in entry ? [entry.raw] : [entry.name, entry.value])),
    ...headers.map(({ value }) => value),
    ...(body?.texts ?? []),
  ]
  const names = new Set<string>()
  for (const text of texts)
    if (typeof text !== 'string')
      for (const piece of text) if (typeof piece !== 'string') names.add(piece.token.path[0] as string)
  return names
}
