import { createReadStream, statSync } from 'node:fs'
import { basename } from 'node:path'
import { Readable } from 'node:stream'
import type { BodyTemplate, MultipartPart, RequestTemplate } from '@ez/core'
import { type BodyValue, problemError, type SourceFile } from '@ez/request-file'
import type { Grants } from '../grants.ts'
import { atPlace } from './locate.ts'
import { type LoadedRequest, layerOf } from './request-file.ts'
import { readBytes } from './source.ts'

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
  const { file, stream } = body
  if (file !== undefined)
    return atPlace({ source, path: [...path, 'file'] }, async () => ({
      bytes: await readBytes(file, grants.path(file, source.absolute)),
    }))
  if (stream !== undefined)
    return atPlace({ source, path: [...path, 'stream'] }, () =>
      streamOf(stream, grants.path(stream, source.absolute)),
    )
  if (body.multipart !== undefined)
    return { multipart: await partsOf(body.multipart, source, [...path, 'multipart'], grants) }
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
  const found = statSync(absolute, { throwIfNoEntry: false })
  if (!found?.isFile()) await readBytes(name, absolute)
  const length = found?.isFile() ? found.size : undefined
  return {
    stream: () => Readable.toWeb(createReadStream(absolute)) as unknown as ReadableStream<Uint8Array>,
    ...(length !== undefined && { length }),
  }
}

async function partsOf(
  parts: NonNullable<BodyValue['multipart']>,
  source: SourceFile,
  path: readonly (string | number)[],
  grants: Grants,
): Promise<MultipartPart[]> {
  const read: MultipartPart[] = []
  for (const [index, { name, value, file, filename, contentType }] of parts.entries()) {
    const shownName = filename ?? (file === undefined ? undefined : basename(file))
    read.push({
      name,
      value:
        file === undefined
          ? (value ?? '')
          : await atPlace({ source, path: [...path, index, 'file'] }, () =>
              readBytes(file, grants.path(file, source.absolute)),
            ),
      ...(shownName !== undefined && { filename: shownName }),
      ...(contentType !== undefined && { contentType }),
    })
  }
  return read
}
