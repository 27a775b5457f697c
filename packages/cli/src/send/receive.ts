import { createWriteStream } from 'node:fs'
import { open, realpath, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ClientResponse } from '@ez/client'
import type { ResponseSnapshot } from '@ez/core'
import type { DownloadBar } from '../output/download-bar.ts'
import type { OpenFile } from '../rows/row-outputs.ts'

const mostKept = 32_000_000

/** An answer, with its first bytes, as many as were to be kept, and how many there were. */
export interface ReceivedAnswer {
  readonly snapshot: ResponseSnapshot
  readonly length: number
  /** Whether it was not what was wanted, and so is in no file. */
  readonly isDropped: boolean
}

/** What is done with an answer's body. */
export interface Receiving {
  /** A file (`-` is standard output), or what opens one. */
  readonly target?: string | OpenFile
  /** Whether the body is kept in memory too, up to 32 MB. */
  readonly keep: boolean
  /** Says of a whole answer whether it takes its place in a file. */
  readonly accepts: (answer: ResponseSnapshot) => boolean
  readonly barOf?: (total: number | undefined) => DownloadBar
}

/** Receives an answer, its body to a file, kept in memory, or only counted. */
export async function receiveAnswer(
  response: ClientResponse,
  { target, keep, accepts, barOf }: Receiving,
): Promise<ReceivedAnswer> {
  const { received, status } = response
  // Nearly every answer: no stream is made of it.
  if (received && target === undefined)
    return { snapshot: received, length: received.body.length, isDropped: false }
  const total = Number(response.headers.get('content-length') ?? Number.NaN)
  const bar = barOf?.(Number.isFinite(total) ? total : undefined)
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
  const snapshot = (): ResponseSnapshot => ({
    status,
    headers: [...response.headers],
    body: new Uint8Array(Buffer.concat(chunks)),
  })
  const source = seen((response.body ?? []) as AsyncIterable<Uint8Array>, see)
  let isTaken = true
  const isWanted = (): boolean => {
    isTaken = accepts(snapshot())
    return isTaken
  }
  if (target === undefined) for await (const _ of source);
  else if (target === '-') await pipeline(readable(source), process.stdout, { end: false })
  else if (typeof target === 'string') await writeWhole(readable(source), target, isWanted)
  else await writeTo(await target(), source, isWanted)
  bar?.end()
  return { snapshot: snapshot(), length, isDropped: !isTaken }
}

async function* seen(
  body: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  see: (chunk: Uint8Array) => void,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of body) {
    see(chunk)
    yield chunk
  }
}

const readable = (source: AsyncIterable<Uint8Array>): Readable => Readable.from(source, { objectMode: false })

async function writeTo(
  file: WritableStream<Uint8Array>,
  source: AsyncIterable<Uint8Array>,
  isWanted: () => boolean,
): Promise<void> {
  const writer = file.getWriter()
  try {
    for await (const chunk of source) await writer.write(chunk)
    if (isWanted()) await writer.close()
    else await writer.abort()
  } catch (error) {
    await writer.abort(error).catch(() => undefined)
    throw error
  }
}

// Beside its place until it is whole: a connection that breaks off leaves what was there. Devices and pipes have no place.
async function writeWhole(source: Readable, file: string, isWanted: () => boolean): Promise<void> {
  const found = await stat(file).catch(() => undefined)
  if (found && !found.isFile()) return pipeline(source, createWriteStream(file))
  const real = found ? await realpath(file) : file
  const partial = join(dirname(real), `.${basename(real)}.${process.pid}.partial`)
  // A folder that takes no new file may still hold one that may be written.
  const handle = await open(partial, 'wx', found?.mode).catch(() => undefined)
  if (!handle) return pipeline(source, createWriteStream(real))
  try {
    await pipeline(source, handle.createWriteStream())
    if (isWanted()) await rename(partial, real)
    else await rm(partial, { force: true })
  } catch (error) {
    await rm(partial, { force: true })
    throw error
  }
}
