import { createWriteStream } from 'node:fs'
import { open, realpath, rename, rm, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream as NodeStream } from 'node:stream/web'
import type { ClientResponse } from '@ez/client'
import type { ResponseSnapshot } from '@ez/core'
import type { DownloadBar } from '../output/download-bar.ts'

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
  barOf?: (total: number | undefined) => DownloadBar,
): Promise<ReceivedAnswer> {
  const { received, status } = response
  // Nearly every answer: no stream is made of it.
  if (received && file === undefined) return { snapshot: received, length: received.body.length }
  const total = Number(response.headers.get('content-length') ?? Number.NaN)
  const bar = barOf?.(Number.isFinite(total) ? total : undefined)
  const { kept, length } = await receiveBody(response, file, keep, bar)
  bar?.end()
  return { snapshot: { status, headers: [...response.headers], body: kept }, length }
}

/** Receives a body: to a file (`-` is standard output), kept in memory, or only counted. */
export async function receiveBody(
  response: Pick<ClientResponse, 'body'>,
  file: string | undefined,
  keep: boolean,
  bar?: DownloadBar,
): Promise<ReceivedBody> {
  const chunks: Uint8Array[] = []
  let length = 0
  let kept = 0
  const see = (chunk: Uint8Array): void => {
    length += chunk.length
    bar?.at(length)
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
    const source = Readable.from(counted(), { objectMode: false })
    if (file === '-') await pipeline(source, process.stdout, { end: false })
    else await writeWhole(source, file)
  }
  return { length, kept: new Uint8Array(Buffer.concat(chunks)) }
}

// Beside its place until it is whole: a connection that breaks off leaves what was there. Devices and pipes have no place.
async function writeWhole(source: Readable, file: string): Promise<void> {
  const found = await stat(file).catch(() => undefined)
  if (found && !found.isFile()) return pipeline(source, createWriteStream(file))
  const real = found ? await realpath(file) : file
  const partial = join(dirname(real), `.${basename(real)}.${process.pid}.partial`)
  // A folder that takes no new file may still hold one that may be written.
  const handle = await open(partial, 'wx', found?.mode).catch(() => undefined)
  if (!handle) return pipeline(source, createWriteStream(real))
  try {
    await pipeline(source, handle.createWriteStream())
    await rename(partial, real)
  } catch (error) {
    await rm(partial, { force: true })
    throw error
  }
}
