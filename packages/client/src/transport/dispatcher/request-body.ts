/** A body that is sent part by part, as fast as the connection takes it. */
export interface StreamedBody {
  readonly parts: AsyncIterable<Uint8Array>
  /** Lets go of the source, when nobody will read the rest. */
  cancel(): void
}

/** The parts of a stream; when it is cancelled, they break off, so that half a body never looks like a whole one. */
export function streamedBody(stream: ReadableStream<Uint8Array>): StreamedBody {
  const reader = stream.getReader()
  let cancelled = false
  return {
    parts: {
      async *[Symbol.asyncIterator]() {
        for (;;) {
          const { done, value } = await reader.read()
          if (cancelled) throw new Error('the exchange has ended')
          if (done) return
          yield value
        }
      },
    },
    cancel: () => {
      cancelled = true
      reader.cancel().catch(() => undefined)
    },
  }
}
