import type { Attempt } from '../attempt/attempt.ts'
import { EzError } from '../base/error.ts'
import { reveal, Secret } from '../base/secret.ts'
import type { BodyTemplate, Pairs, ResolvedRequest } from '../contract/request.ts'
import type { EditableRequest, PairList } from '../contract/step.ts'
import { type Frozen, freeze, freezeDraft, wireMethod } from '../freeze/freeze.ts'
import { resolveBody } from '../resolve/body.ts'
import type { Draft } from '../resolve/resolve-template.ts'
import { fillIfKnown } from '../template/text.ts'
import { literalUrl } from '../wire/url.ts'
import { headerList, type PlainText, queryList } from './pair-list.ts'

/** What scripts have read of a draft by `resolved()`, and is closed since. */
export interface Read {
  frozen?: Frozen
  headers: Pairs
}

/** The draft as one script sees it; `running` refuses the edits of one that has ended. */
export class EditableDraft implements EditableRequest {
  readonly #draft: Draft
  readonly #attempt: Attempt
  readonly #read: Read
  readonly #running: () => void
  readonly query: PairList
  readonly headers: PairList

  constructor(draft: Draft, attempt: Attempt, read: Read, running: () => void) {
    this.#draft = draft
    this.#attempt = attempt
    this.#read = read
    this.#running = running
    const { runtime } = attempt
    const plainText: PlainText = (list, name, value) => {
      if (typeof name === 'string') {
        if (typeof value === 'string') return value
        if (Secret.isInstance(value)) {
          attempt.conceal(value)
          return reveal(value)
        }
        // Scripts in JavaScript often give numbers; anything else would be sent as a word like "undefined".
        const given: unknown = value
        if (typeof given === 'boolean' || Number.isFinite(given)) return String(given)
      }
      throw new EzError(
        'EZ_SCRIPT_VALUE',
        `${list}.${String(name)}: a script set it, and its name or value is no text. Write it as a string.`,
      )
    }
    this.query = queryList(draft, runtime, plainText, () => this.#open('the query'))
    this.headers = headerList(draft, runtime, plainText, (name) => {
      running()
      refuseRead(read, name)
    })
  }

  get method(): string {
    return fillIfKnown(this.#draft.method, this.#attempt.runtime) ?? ''
  }

  set method(method: string) {
    this.#open('the method')
    this.#draft.method = wireMethod(method)
  }

  get url(): string {
    return fillIfKnown(this.#draft.head, this.#attempt.runtime) ?? ''
  }

  set url(url: string) {
    this.#open('the URL')
    const { head, query } = literalUrl(url)
    if (query.length > 0)
      throw new EzError(
        'EZ_URL_INVALID',
        'url: a script set a URL with a query. Set its pairs with request.query.',
      )
    this.#draft.head = head
  }

  setBody(body: BodyTemplate | null): void {
    this.#open('the body')
    this.#attempt.scope.conceal(body)
    this.#draft.body = body === null ? null : resolveBody(body)
  }

  resolved(): ResolvedRequest {
    this.#running()
    const read = this.#read
    const frozen = read.frozen ?? this.#close()
    const request = freeze(this.#draft, this.#attempt, true, frozen)
    read.frozen = frozen
    read.headers = request.headers
    // A copy, so that a script cannot change the bytes that are signed and sent. A Buffer's `slice` is none.
    return request.body instanceof Uint8Array
      ? Object.freeze({ ...request, body: new Uint8Array(request.body) })
      : request
  }

  #close(): Frozen {
    const { runtime } = this.#attempt
    const frozen = freezeDraft(this.#draft, this.#attempt, true)
    runtime.check()
    // A header may still wait for its output; all else is written by now, if only with a default.
    for (const name of openNames({ ...this.#draft, headers: [] })) runtime.close(name)
    for (const name of openNames(this.#draft)) if (runtime.get(name) !== undefined) runtime.close(name)
    return frozen
  }

  #open(what: string): void {
    this.#running()
    if (this.#read.frozen) throw changedAfterRead(what)
  }
}

/** The request as it goes to the signers; every place must be filled by now. */
export function freezeRead(draft: Draft, attempt: Attempt, read: Read): ResolvedRequest {
  const request = freeze(draft, attempt, false, read.frozen)
  for (const [name, value] of read.headers)
    if (!request.headers.some((pair) => pair[0] === name && pair[1] === value)) refuseRead(read, name)
  return request
}

/** @throws EZ_CHANGED_AFTER_READ for a header that was read */
function refuseRead({ headers }: Read, name: string): void {
  if (headers.some(([known]) => known === name)) throw changedAfterRead(`the header ${name}`)
}

const changedAfterRead = (what: string): EzError =>
  new EzError(
    'EZ_CHANGED_AFTER_READ',
    `A script changed ${what} after request.resolved() had been read. Change it first, then read.`,
  )

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
