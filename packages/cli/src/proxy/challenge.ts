import type { PreparedRequest, PreRequestScript, Signer } from '@ez/core'
import type { Dispatcher } from 'undici'

/** An answer, and whether a step wants the request to be sent once more. */
export interface Heard {
  readonly challenged: boolean
  /** The whole body, of which the beginning has been read. */
  readonly body: AsyncIterable<Uint8Array>
}

// Enough to say what a server wants.
const learnedBytes = 65_536

/** Lets the steps learn from a refusal: what a server wants of HTTP Digest, say. */
export async function hear(
  steps: readonly (PreRequestScript | Signer)[],
  prepared: PreparedRequest,
  { statusCode, headers, body }: Dispatcher.ResponseData,
): Promise<Heard> {
  const asking = statusCode < 400 ? [] : steps.filter((step) => step.challenge)
  if (asking.length === 0) return { challenged: false, body }
  const iterator = body[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>
  const chunks: Uint8Array[] = []
  let length = 0
  while (length < learnedBytes) {
    const { done, value } = await iterator.next()
    if (done) break
    chunks.push(value)
    length += value.length
  }
  const snapshot = {
    status: statusCode,
    headers: pairsOf(headers),
    body: new Uint8Array(Buffer.concat(chunks)),
  }
  let challenged = false
  // Each is asked: each may have something to learn.
  for (const step of asking) if (await step.challenge?.(snapshot, prepared)) challenged = true
  return { challenged, body: whole(chunks, iterator) }
}

async function* whole(
  chunks: readonly Uint8Array[],
  rest: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  yield* chunks
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value
}

function pairsOf(headers: unknown): [string, string][] {
  const raw = headers as readonly string[]
  return raw.flatMap((name, index) =>
    index % 2 === 0 ? [[name.toLowerCase(), raw[index + 1] ?? ''] as [string, string]] : [],
  )
}
