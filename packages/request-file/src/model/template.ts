import { type BodyTemplate, EzError, type MultipartPart, type RequestTemplate } from '@ez/core'
import type { BodyValue, RequestValue } from './request-value.ts'

/**
 * The template of a request that needs no file, without its pre-request steps: those name providers that are not loaded.
 *
 * @throws EZ_FILE_INVALID when method or URL is missing, and when the body stands in a file
 * @example
 * const template = templateOf({ method: 'POST', url: 'https://api.example.com/', body: { json: { a: 1 } } })
 */
export function templateOf(request: RequestValue): RequestTemplate {
  const { name, method, url, query, headers, time, body } = request
  if (method === undefined || url === undefined)
    throw new EzError('EZ_FILE_INVALID', 'The request needs a method and a URL.')
  return {
    ...(name !== undefined && { name }),
    method,
    url,
    ...(query && { query }),
    ...(headers && { headers }),
    ...(time && { time }),
    ...(body && { body: bodyOf(body) }),
  }
}

function bodyOf(body: BodyValue): BodyTemplate {
  if (body.form !== undefined) return { form: body.form }
  if (body.text !== undefined) return { text: body.text }
  if (body.base64 !== undefined) return { bytes: bytesOf(body.base64) }
  if (body.multipart !== undefined) return { multipart: body.multipart.map(partOf) }
  const file = body.file ?? body.stream
  if (file !== undefined) throw unread(file)
  return { json: body.json }
}

function partOf({
  name,
  value = '',
  file,
  filename,
  contentType,
}: NonNullable<BodyValue['multipart']>[number]): MultipartPart {
  if (file !== undefined) throw unread(file)
  return {
    name,
    value,
    ...(filename !== undefined && { filename }),
    ...(contentType !== undefined && { contentType }),
  }
}

function bytesOf(base64: string): Uint8Array {
  try {
    return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
  } catch (cause) {
    throw new EzError('EZ_FILE_INVALID', 'body.base64 is not base64 (A–Z a–z 0–9 + /, padded with =).', {
      cause,
    })
  }
}

const unread = (file: string): EzError =>
  new EzError(
    'EZ_FILE_INVALID',
    `The body stands in the file ${file}, which cannot be read here. Write its content.`,
  )
