import type { Attempt } from '../attempt/attempt.ts'
import { EzError } from '../base/error.ts'
import { reveal, Secret } from '../base/secret.ts'
import type { BodyTemplate, ResolvedRequest } from '../contract/request.ts'
import type { EditableRequest, PairList } from '../contract/step.ts'
import type { Reading } from '../freeze/read.ts'
import { fillIfKnown } from '../outputs/fill.ts'
import { resolveBody } from '../resolve/body.ts'
import type { Draft } from '../template/draft.ts'
import { wireMethod } from '../wire/method.ts'
import { literalUrl } from '../wire/url.ts'
import { headerList, type PlainText, queryList } from './pair-list.ts'

/** The draft as one script sees it; `checkRunning` refuses the edits of one that has ended. */
export class EditableDraft implements EditableRequest {
  readonly #draft: Draft
  readonly #attempt: Attempt
  readonly #reading: Reading
  readonly #checkRunning: () => void
  readonly query: PairList
  readonly headers: PairList

  constructor(draft: Draft, attempt: Attempt, reading: Reading, checkRunning: () => void) {
    this.#draft = draft
    this.#attempt = attempt
    this.#reading = reading
    this.#checkRunning = checkRunning
    const { runtimeValues } = attempt
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
    this.query = queryList(draft, runtimeValues, plainText, () => this.#checkOpen('the query'))
    this.headers = headerList(draft, runtimeValues, plainText, (name) => {
      checkRunning()
      reading.checkHeaderOpen(name)
    })
  }

  get method(): string {
    return fillIfKnown(this.#draft.method, this.#attempt.runtimeValues) ?? ''
  }

  set method(method: string) {
    this.#checkOpen('the method')
    this.#draft.method = wireMethod(method)
  }

  get url(): string {
    return fillIfKnown(this.#draft.head, this.#attempt.runtimeValues) ?? ''
  }

  set url(url: string) {
    this.#checkOpen('the URL')
    const { head, query } = literalUrl(url)
    if (query.length > 0)
      throw new EzError(
        'EZ_URL_INVALID',
        'url: a script set a URL with a query. Set its pairs with request.query.',
      )
    this.#draft.head = head
  }

  setBody(body: BodyTemplate | null): void {
    this.#checkOpen('the body')
    this.#attempt.conceal(body)
    this.#draft.body = body === null ? null : resolveBody(body)
  }

  resolved(): ResolvedRequest {
    this.#checkRunning()
    const request = this.#reading.read()
    // A copy, so that a script cannot change the bytes that are signed and sent. A Buffer's `slice` is none.
    return request.body instanceof Uint8Array
      ? Object.freeze({ ...request, body: new Uint8Array(request.body) })
      : request
  }

  #checkOpen(what: string): void {
    this.#checkRunning()
    this.#reading.checkOpen(what)
  }
}
