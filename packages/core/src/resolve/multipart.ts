import { utf8 } from '#crypto'
import { joinBytes } from '../base/bytes.ts'
import type { MultipartPart } from '../contract/request.ts'
import type { BodyDraft } from '../template/body-draft.ts'
import type { Text } from '../template/text.ts'
import { encodeText, invalidBody, requireText, wholeBody } from '../wire/body.ts'

export const binary = 'application/octet-stream'

/** A body of `multipart/form-data` (RFC 7578). */
export function multipartBody(
  parts: readonly MultipartPart[],
  resolve: (text: string, place: string) => Text,
): BodyDraft {
  if (!Array.isArray(parts)) throw invalidBody('body.multipart', 'it must be a list of parts')
  const texts: Text[] = []
  // Gives back what was added, once it is filled in.
  const add = (given: unknown, place: string): ((filled: readonly string[]) => string) => {
    const index = texts.push(resolve(requireText(given, place), place)) - 1
    return (filled) => filled[index] as string
  }
  const drafts = parts.map((part: MultipartPart, index) => {
    const place = `body.multipart[${index}]`
    if (typeof part !== 'object' || part === null)
      throw invalidBody(place, 'it must be a part with name and value')
    const { name, value, filename, contentType } = part
    return {
      place,
      name: add(name, `${place}.name`),
      filename: filename === undefined ? undefined : add(filename, `${place}.filename`),
      contentType:
        contentType !== undefined
          ? add(contentType, `${place}.contentType`)
          : filename === undefined
            ? undefined
            : () => binary,
      value: value instanceof Uint8Array ? value : add(value, `${place}.value`),
    }
  })
  return {
    texts,
    write: (filled, sources) => {
      const boundary = sources.boundary()
      const delimiter = utf8(`--${boundary}`)
      const chunks: Uint8Array[] = []
      for (const { place, name, filename, contentType, value } of drafts) {
        let head = `--${boundary}\r\ncontent-disposition: form-data; name="${quoteParameter(name(filled))}"`
        if (filename) head += `; filename="${quoteParameter(filename(filled))}"`
        if (contentType) {
          const type = contentType(filled)
          if (!/^[\x20-\x7e]*$/.test(type))
            throw invalidBody(`${place}.contentType`, 'it is not printable ASCII')
          head += `\r\ncontent-type: ${type}`
        }
        const content = typeof value === 'function' ? encodeText(value(filled)) : value
        if (holds(content, delimiter)) throw invalidBody(place, 'it holds the boundary. Give another nonce')
        chunks.push(encodeText(`${head}\r\n\r\n`), content, utf8('\r\n'))
      }
      chunks.push(utf8(`--${boundary}--\r\n`))
      return wholeBody(joinBytes(chunks), `multipart/form-data; boundary=${boundary}`)
    },
  }
}

function holds(bytes: Uint8Array, wanted: Uint8Array): boolean {
  const first = wanted[0] as number
  for (let at = bytes.indexOf(first); at >= 0; at = bytes.indexOf(first, at + 1))
    if (wanted.every((byte, index) => bytes[at + index] === byte)) return true
  return false
}

/** A parameter of `content-disposition`: quotes and line breaks would end it (WHATWG HTML, multipart/form-data encoding). */
function quoteParameter(value: string): string {
  return value.replaceAll('"', '%22').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}
