import { createWriteStream } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream as NodeStream } from 'node:stream/web'
import type { ClientResponse } from '@ez/client'
import type { ResponseSnapshot } from '@ez/core'

/** A body that was received. */
export interface ReceivedBody {
  readonly length: number
  /** Its first bytes, as many as were to be kept. */
  readonly kept: Uint8Array
}

const mostKept = 32_000_000

/** An answer, with its first bytes, as many as were to be kept, and how many there were. */
export interface ReceivedAnswer {
  readonly snapshot: ResponseSnapshot
  readonly length: number
}

/** Receives an answer, its body to a file (`-` is standard output), kept in memory, or only counted. */
export async function receiveAnswer(
  response: ClientResponse,
  file: string | undefined,
  keep: boolean,
): Promise<ReceivedAnswer> {
  const { received, status } = response
  // Nearly every answer: no stream is made of it.
  if (received && file === undefined) return { snapshot: received, length: received.body.length }
  const { kept, length } = await receiveBody(response, file, keep)
  return { snapshot: { status, headers: [...response.headers], body: kept }, length }
}

/** Receives a body: to a file (`-` is standard output), kept in memory, or only counted. */
export async function receiveBody(
  response: Pick<ClientResponse, 'body'>,
  file: string | undefined,
  keep: boolean,
): Promise<ReceivedBody> {
  const chunks: Uint8Array[] = []
  let length = 0
  let kept = 0
  const see = (chunk: Uint8Array): void => {
    length += chunk.length
    if (!keep || kept >= mostKept) return
    chunks.push(chunk)
    kept += chunk.length
  }
  if (response.body === null) {
    if (file !== undefined && file !== '-') await writeFile(file, '')
    return { length: 0, kept: new Uint8Array() }
  }
  const body = response.body as unknown as NodeStream<Uint8Array>
  if (file === undefined) for await (const chunk of body) see(chunk)
  else {
    const counted = async function* (): AsyncGenerator<Uint8Array> {
      for await (const chunk of body) {
        see(chunk)
        yield chunk
      }
    }
    const target = file === '-' ? process.stdout : createWriteStream(file)
    await pipeline(Readable.from(counted(), { objectMode: false }), target, { end: file !== '-' })
  }
  return { length, kept: new Uint8Array(Buffer.concat(chunks)) }
}
