import { pipeline, type Transform } from 'node:stream'
import {
  constants,
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createInflateRaw,
  createZstdDecompress,
} from 'node:zlib'

/** Unpacks a body as it comes, no faster than it is read. */
export interface Unpacking {
  /** Whether more may be written now; if not, `drained` is called later. */
  write(chunk: Uint8Array): boolean
  end(): void
  pause(): void
  resume(): void
  destroy(): void
}

/** Told what comes out. */
export interface Unpacked {
  data(chunk: Uint8Array): void
  end(): void
  failed(error: unknown): void
  drained(): void
}

// Bodies that lack their very end are accepted, as browsers and curl do.
const lenient = { flush: constants.Z_SYNC_FLUSH, finishFlush: constants.Z_SYNC_FLUSH }
const lenientBrotli = {
  flush: constants.BROTLI_OPERATION_FLUSH,
  finishFlush: constants.BROTLI_OPERATION_FLUSH,
}
const lenientZstd = { flush: constants.ZSTD_e_continue, finishFlush: constants.ZSTD_e_end }

const unpackers: Readonly<Record<string, (start: Uint8Array) => Transform>> = {
  gzip: () => createGunzip(lenient),
  'x-gzip': () => createGunzip(lenient),
  // Some servers send deflate without the zlib header that RFC 9110 section 8.4.1.2 asks for.
  deflate: (start) => ((start[0] ?? 0) % 16 === 8 ? createInflate(lenient) : createInflateRaw(lenient)),
  br: () => createBrotliDecompress(lenientBrotli),
  zstd: () => createZstdDecompress(lenientZstd),
}
const mostCodings = 5

/** What unpacks a `content-encoding`; `undefined` when there is nothing to unpack, or a coding that is not known. */
export function unpackingOf(contentEncoding: string | undefined, unpacked: Unpacked): Unpacking | undefined {
  const codings = (contentEncoding ?? '')
    .toLowerCase()
    .split(',')
    .map((coding) => coding.trim())
    .filter((coding) => coding !== '' && coding !== 'identity')
  if (codings.length === 0 || codings.length > mostCodings) return undefined
  if (!codings.every((coding) => Object.hasOwn(unpackers, coding))) return undefined
  return new Unpacker(codings.reverse(), unpacked)
}

class Unpacker implements Unpacking {
  readonly #codings: readonly string[]
  readonly #unpacked: Unpacked
  #first: Transform | undefined
  #last: Transform | undefined

  constructor(codings: readonly string[], unpacked: Unpacked) {
    this.#codings = codings
    this.#unpacked = unpacked
  }

  write(chunk: Uint8Array): boolean {
    if (chunk.length === 0) return true
    this.#first ??= this.#begin(chunk)
    if (this.#first.write(chunk)) return true
    this.#first.once('drain', () => this.#unpacked.drained())
    return false
  }

  end(): void {
    if (this.#first) this.#first.end()
    // Nothing was packed into nothing.
    else this.#unpacked.end()
  }

  pause(): void {
    this.#last?.pause()
  }

  resume(): void {
    this.#last?.resume()
  }

  destroy(): void {
    this.#first?.destroy()
    this.#last?.destroy()
  }

  #begin(start: Uint8Array): Transform {
    const steps = this.#codings.map((coding) =>
      (unpackers[coding] as (start: Uint8Array) => Transform)(start),
    )
    const last = steps.at(-1) as Transform
    last.on('data', (chunk: Uint8Array) => this.#unpacked.data(chunk))
    const ended = (error: Error | null | undefined): void => {
      if (error) this.#unpacked.failed(error)
      else this.#unpacked.end()
    }
    if (steps.length > 1) pipeline(steps, ended)
    else last.once('end', () => ended(null)).once('error', ended)
    this.#last = last
    return steps[0] as Transform
  }
}
