import { EzError } from '@ez/core'
import { readPath } from '../../base/json-path.ts'
import { parseExactJson } from './exact-json.ts'
import type { ReadableAnswer } from './read-body.ts'
import type { ResponseReading } from './reading.ts'
import { parseXml, type XmlDocument } from './xml.ts'

/** An answer that was read whole, parsed when it is first asked for. */
export class Answer {
  readonly status: number
  readonly headers: Headers
  readonly bytes: Uint8Array
  readonly #reading: ResponseReading
  readonly #place: string
  #text: string | undefined
  #data: { readonly value: unknown } | undefined
  #xml: Promise<XmlDocument> | undefined

  constructor(
    { status, headers }: Pick<ReadableAnswer, 'status' | 'headers'>,
    bytes: Uint8Array,
    reading: ResponseReading,
    place: string,
  ) {
    this.status = status
    this.headers = headers
    this.bytes = bytes
    this.#reading = reading
    this.#place = place
  }

  /** What the body is read as. */
  get format(): NonNullable<ResponseReading['format']> {
    if (this.#reading.format) return this.#reading.format
    const type = (this.headers.get('content-type') ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? ''
    if (/[/+]json$/.test(type)) return 'json'
    if (/[/+]xml$/.test(type)) return 'xml'
    if (type === 'text/csv') return 'csv'
    if (/^application\/(?:x-ndjson|jsonl|json-seq|ndjson)$/.test(type)) return 'ndjson'
    return 'json'
  }

  /** The body as text, by its charset. */
  get text(): string {
    this.#text ??= new TextDecoder(this.#charset()).decode(this.bytes)
    return this.#text
  }

  /** The body as JSON; `undefined` when it is none. */
  get json(): unknown {
    if (!this.#data) {
      let value: unknown
      try {
        value = parseExactJson(this.text)
      } catch {
        value = undefined
      }
      this.#data = { value }
    }
    return this.#data.value
  }

  /** What stands at a JSONPath. @throws EZ_RESPONSE_UNREADABLE when the body is no JSON */
  at(path: string): unknown {
    if (this.json === undefined)
      throw new EzError(
        'EZ_RESPONSE_UNREADABLE',
        `${this.#place}: the answer is no JSON, and ${path} reads one.`,
      )
    return readPath(this.json, path)
  }

  /** The body as XML. @throws EZ_RESPONSE_UNREADABLE, EZ_FLOW_INVALID when the libraries for it are missing */
  xml(): Promise<XmlDocument> {
    this.#xml ??= parseXml(this.text, this.#place)
    return this.#xml
  }

  /** What a pagination reads: the JSON; of XML the root element as an object. */
  async pageBody(): Promise<unknown> {
    return this.format === 'xml' ? (await this.xml()).root : this.json
  }

  #charset(): string {
    const { charset } = this.#reading
    if (charset) return charset
    const named = /;\s*charset="?([\w-]+)/i.exec(this.headers.get('content-type') ?? '')?.[1]?.toLowerCase()
    return named === undefined || !knownCharset(named) ? 'utf-8' : named
  }
}

function knownCharset(name: string): boolean {
  try {
    new TextDecoder(name)
    return true
  } catch {
    return false
  }
}
