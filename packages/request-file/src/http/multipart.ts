import type { TokenTranslator } from '../imported/tokens.ts'
import type { PartValue } from '../model/request-value.ts'

/** The parts of a multipart body as `.http` files write it; `undefined` when the body does not follow its boundary. */
export function multipartParts(
  lines: readonly string[],
  contentType: string,
  translator: TokenTranslator,
): PartValue[] | undefined {
  const boundary = /;\s*boundary="?([^";]+)"?/i.exec(contentType)?.[1]?.trim()
  if (boundary === undefined) return undefined
  const text = lines.join('\n').trim()
  const [before, ...chunks] = `\n${text}`.split(`\n--${boundary}`)
  const last = chunks.pop()
  if (before !== '' || chunks.length === 0 || last?.trim() !== '--') return undefined
  const parts = chunks.map((chunk) => partOf(chunk.replace(/^\n/, ''), translator))
  return parts.every((part) => part !== undefined) ? parts : undefined
}

function partOf(chunk: string, translator: TokenTranslator): PartValue | undefined {
  const [head = '', ...rest] = chunk.split(/\n\n/)
  const content = rest.join('\n\n')
  const disposition = /^content-disposition:(.*)$/im.exec(head)?.[1] ?? ''
  const name = /;\s*name="([^"]*)"/i.exec(disposition)?.[1]
  if (name === undefined) return undefined
  const filename = /;\s*filename="([^"]*)"/i.exec(disposition)?.[1]
  const contentType = /^content-type:\s*(.*)$/im.exec(head)?.[1]?.trim()
  const file = /^<@?\s+(\S.*)$/.exec(content.trim())?.[1]
  return {
    name: translator.text(name),
    ...(file === undefined ? { value: translator.text(content) } : { file: file.trim() }),
    ...(filename !== undefined && { filename: translator.text(filename) }),
    ...(contentType !== undefined && { contentType }),
  }
}
