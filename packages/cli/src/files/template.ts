import { createReadStream, statSync } from 'node:fs'
import { basename } from 'node:path'
import { Readable } from 'node:stream'
import type { BodyTemplate, MultipartPart, RequestTemplate } from '@ez/core'
import type { Grants } from '../grants.ts'
import { problemError } from './problem.ts'
import { type BodyValue, type LoadedRequest, layerOf } from './request-file.ts'
import { readBytes, type SourceFile } from './source.ts'

/** The template of a loaded request, without its steps; files of its body are read. */
export async function templateOf(request: LoadedRequest, grants: Grants): Promise<RequestTemplate> {
  const { value } = request
  const { source, path } = layerOf(request, 'body')
  return {
    ...(value.name !== undefined && { name: value.name }),
    method: value.method,
    url: value.url,
    ...(value.query && { query: value.query }),
    ...(value.headers && { headers: value.headers }),
    ...(value.time && { time: value.time }),
    ...(value.body && { body: await bodyOf(value.body, source, [...path, 'body'], grants) }),
  }
}

async function bodyOf(
  body: BodyValue,
  source: SourceFile,
  path: readonly (string | number)[],
  grants: Grants,
): Promise<BodyTemplate> {
  if (body.form !== undefined) return { form: body.form }
  if (body.text !== undefined) return { text: body.text }
  if (body.base64 !== undefined) return { bytes: decodeBase64(body.base64, source, [...path, 'base64']) }
  if (body.file !== undefined)
    return { bytes: await readBytes(body.file, grants.path(body.file, source.absolute)) }
  if (body.stream !== undefined) return streamOf(body.stream, grants.path(body.stream, source.absolute))
  if (body.multipart !== undefined) return { multipart: await partsOf(body.multipart, source, grants) }
  return { json: body.json }
}

function decodeBase64(text: string, source: SourceFile, path: readonly (string | number)[]): Uint8Array {
  const compact = text.replace(/\s+/g, '')
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(compact) || compact.length % 4 !== 0)
    throw problemError([source.problem(path, 'this is not base64 (A–Z a–z 0–9 + /, padded with =).')])
  return new Uint8Array(Buffer.from(compact, 'base64'))
}

async function streamOf(name: string, absolute: string): Promise<BodyTemplate> {
  // Says now, not in the middle of the send, that a file is missing.
  const length = statSync(absolute, { throwIfNoEntry: false })?.size
  if (length === undefined) await readBytes(name, absolute)
  return {
    stream: () => Readable.toWeb(createReadStream(absolute)) as unknown as ReadableStream<Uint8Array>,
    ...(length !== undefined && { length }),
  }
}

async function partsOf(
  parts: NonNullable<BodyValue['multipart']>,
  source: SourceFile,
  grants: Grants,
): Promise<MultipartPart[]> {
  const read: MultipartPart[] = []
  for (const { name, value, file, filename, contentType } of parts) {
    const shownName = filename ?? (file === undefined ? undefined : basename(file))
    read.push({
      name,
      value: file === undefined ? (value ?? '') : await readBytes(file, grants.path(file, source.absolute)),
      ...(shownName !== undefined && { filename: shownName }),
      ...(contentType !== undefined && { contentType }),
    })
  }
  return read
}
