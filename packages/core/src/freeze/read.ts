import type { Attempt } from '../attempt/attempt.ts'
import { EzError } from '../base/error.ts'
import type { Pairs, ResolvedRequest } from '../contract/request.ts'
import type { Signer } from '../contract/step.ts'
import { type FilledDraft, fillKnown } from '../outputs/fill-draft.ts'
import { openNames } from '../outputs/open-names.ts'
import type { Draft } from '../template/draft.ts'
import { headerOf } from '../wire/header-of.ts'
import { type EarlierReading, freezeCore, type RequestCore, withHeaders } from './freeze.ts'

/** What scripts read of a draft by `resolved()`: closed from then on, so that it is what is sent. */
export class Reading implements EarlierReading {
  readonly #draft: Draft
  readonly #signers: readonly Signer[]
  readonly #attempt: Attempt
  #core: RequestCore | undefined
  #headers: Pairs = []

  constructor(draft: Draft, signers: readonly Signer[], attempt: Attempt) {
    this.#draft = draft
    this.#signers = signers
    this.#attempt = attempt
  }

  get core(): RequestCore | undefined {
    return this.#core
  }

  /** Freezes what is known by now. @throws EZ_OUTPUT_MISSING when method, URL or body still wait for an output */
  read(): ResolvedRequest {
    const filled = fillKnown(this.#draft, this.#attempt.runtimeValues)
    const core = this.#core ?? this.#close(filled)
    const request = withHeaders(core, filled)
    this.#core = core
    this.#headers = request.headers
    return request
  }

  /** @throws EZ_CHANGED_AFTER_READ when method, URL and body were read; `what` is to be changed */
  checkOpen(what: string): void {
    if (this.#core) throw changedAfterRead(what)
  }

  /** @throws EZ_CHANGED_AFTER_READ when the header was read; its name is in lower case */
  checkHeaderOpen(name: string): void {
    if (this.#headers.some(([known]) => known === name)) throw changedAfterRead(`the header ${name}`)
  }

  check({ headers }: ResolvedRequest): void {
    for (const [name, value] of this.#headers)
      if (headerOf(headers, name) !== value) this.checkHeaderOpen(name)
  }

  #close(filled: FilledDraft): RequestCore {
    const { runtimeValues } = this.#attempt
    const core = freezeCore(filled, this.#signers, this.#attempt)
    // A header may still wait for its output; all else is written by now, if only with a default.
    for (const name of openNames({ ...this.#draft, headers: [] })) runtimeValues.close(name)
    for (const name of openNames(this.#draft))
      if (runtimeValues.get(name) !== undefined) runtimeValues.close(name)
    return core
  }
}

const changedAfterRead = (what: string): EzError =>
  new EzError(
    'EZ_CHANGED_AFTER_READ',
    `A script changed ${what} after request.resolved() had been read. Change it first, then read.`,
  )
