import type { BodyTemplate } from '@ez/core'
import type { Edit, Job, ListName } from '../../protocol.ts'
import type { RunState } from '../functions/host-function.ts'

const mostEdits = 10_000
const mostOutputCharacters = 8 * 1024 * 1024
const mostLogCharacters = 64 * 1024

/** Thrown when a script produces more than any request can hold. */
export class OutputExceeded extends Error {}

/** The script's view of the request, and the list of what it did to it. */
export class RequestState implements RunState {
  method: string
  url: string
  readonly #lists: Record<ListName, (readonly [string, string])[]>
  #edits: Edit[] = []
  #count = 0
  #characters = 0
  #logged = 0

  constructor(job: Job) {
    this.method = job.method
    this.url = job.url
    this.#lists = { query: [...job.query], headers: [...job.headers] }
  }

  /** The edits since the last call, in order. */
  takeEdits(): Edit[] {
    const edits = this.#edits
    this.#edits = []
    return edits
  }

  #record(edit: Edit, characters: number): void {
    this.#count += 1
    this.#characters += characters
    if (this.#count > mostEdits || this.#characters > mostOutputCharacters) throw new OutputExceeded()
    this.#edits.push(edit)
  }

  setMethod(method: string): void {
    this.#record(['method', method], method.length)
    this.method = method
  }

  setUrl(url: string): void {
    this.#record(['url', url], url.length)
    this.url = url
  }

  get(list: ListName, name: string): string | null {
    const key = keyOf(list, name)
    const values = this.#lists[list].filter((pair) => keyOf(list, pair[0]) === key).map((pair) => pair[1])
    // Repeated headers are one, joined as `fetch` joins them.
    return values.length === 0 ? null : list === 'headers' ? values.join(', ') : (values[0] as string)
  }

  entries(list: ListName): readonly (readonly [string, string])[] {
    return this.#lists[list]
  }

  set(list: ListName, name: string, value: string): void {
    this.#record(['set', list, name, value], name.length + value.length)
    const key = keyOf(list, name)
    const place = this.#lists[list].findIndex((pair) => keyOf(list, pair[0]) === key)
    const others = this.#lists[list].filter((pair, index) => index === place || keyOf(list, pair[0]) !== key)
    if (place < 0) others.push([name, value])
    else others[place] = [name, value]
    this.#lists[list] = others
  }

  append(list: ListName, name: string, value: string): void {
    this.#record(['append', list, name, value], name.length + value.length)
    this.#lists[list].push([name, value])
  }

  delete(list: ListName, name: string): void {
    this.#record(['delete', list, name], name.length)
    const key = keyOf(list, name)
    this.#lists[list] = this.#lists[list].filter((pair) => keyOf(list, pair[0]) !== key)
  }

  // The body's size is bounded by the memory of the sandbox that built it. Only the last one counts.
  setBody(body: BodyTemplate | null): void {
    this.#edits = this.#edits.filter((edit) => edit[0] !== 'body')
    this.#record(['body', body], 0)
  }

  publish(name: string, json: string): void {
    this.#record(['publish', name, JSON.parse(json)], name.length + json.length)
  }

  /** Adds to the log; a flood is cut, since a talkative script is no failure. */
  log(text: string): void {
    if (this.#logged > mostLogCharacters) return
    this.#logged += text.length + 1
    if (this.#logged <= mostLogCharacters) this.#edits.push(['log', text])
    else this.#edits.push(['log', 'The log of the script is cut here: it is longer than 64 KiB.'])
  }
}

// Header names have no case (RFC 9110 section 5.1); query names have.
function keyOf(list: ListName, name: string): string {
  return list === 'headers' ? name.toLowerCase() : name
}
