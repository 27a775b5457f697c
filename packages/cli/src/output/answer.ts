import { maskResponse, type PreparedRequest, type ResponseSnapshot } from '@ez/core'
import { colors } from './colors.ts'
import { jsonText } from './json-text.ts'
import { printable } from './printable.ts'
import { bodyData, httpHead } from './request.ts'
import { widthOf, wrapped } from './wrap.ts'

/** How much of an exchange is shown. */
export interface AnswerView {
  /** The head of the answer: status and headers. */
  readonly head: boolean
  /** The request as well. */
  readonly request: boolean
  /** The body of the answer. */
  readonly body: boolean
}

/** Where it is shown, what leads to the rest of a body, and how many lines of it there are. */
interface Placing {
  readonly stream: NodeJS.WriteStream
  readonly pointer: string
  readonly lines?: number
}

const mostLines = 40
const mostCharacters = 65_536
// What is searched for secrets: more than is shown, so that none is cut in two.
const mostBytes = 1_048_576

/** A request, its answer, and what hides more secrets in a text than the request's own. */
export interface ShownExchange {
  readonly prepared: PreparedRequest
  readonly response: ResponseSnapshot
  readonly hide?: (text: string) => string
}

const asItIs = (text: string): string => text

/** An exchange as people read it: what a server sends back of a secret is masked. */
export function answerLines(
  { prepared, response, hide = asItIs }: ShownExchange,
  view: AnswerView,
  { stream, pointer, lines = mostLines }: Placing,
): string {
  const { dim, bold } = colors(stream)
  const part: ResponseSnapshot = { ...response, body: response.body.subarray(0, mostBytes) }
  const { status, headers, body } = maskResponse(part, prepared)
  const blocks: string[] = []
  if (view.request) {
    const shown = prepared.toJSON() as Parameters<typeof httpHead>[0]
    const text = shown.body && (shown.body.encoding === 'utf8' ? shown.body.data : '(bytes)')
    const head = httpHead(shown, undefined).trimEnd().replaceAll('\r\n', '\n')
    blocks.push(marked('>', printable(hide(`${head}${text ? `\n\n${text}` : ''}`)), dim))
  }
  if (view.head) {
    const lines = [
      bold(`HTTP ${status}`),
      ...headers.map(([name, value]) => `${name}: ${printable(hide(value))}`),
    ]
    blocks.push(view.request ? marked('<', lines.join('\n'), dim) : lines.join('\n'))
  }
  if (view.body && body.length > 0)
    blocks.push(bodyText(body, response.body.length, hide, { stream, pointer, lines }))
  return wrapped(blocks.join('\n\n'), widthOf(stream))
}

const marked = (mark: string, text: string, dim: (text: string) => string): string =>
  text
    .split('\n')
    .map((line) => (line === '' ? dim(mark) : `${dim(mark)} ${line}`))
    .join('\n')

function bodyText(
  body: Uint8Array,
  length: number,
  hide: (text: string) => string,
  { stream, pointer, lines: most = mostLines }: Placing,
): string {
  const shades = colors(stream)
  const { encoding, data } = bodyData(length > mostBytes ? wholeCharacters(body) : body)
  const size = `${length.toLocaleString('en-US')} bytes`
  if (encoding !== 'utf8') return shades.dim(`${size} that are no text. ${pointer}`)
  // Before it is cut, so that no half of a secret stays.
  const hidden = hide(data)
  const isWhole = length <= mostBytes && hidden.length <= mostCharacters
  const text = printable(isWhole ? hidden : hidden.slice(0, mostCharacters))
  const lines = (jsonText(text, shades, isWhole) ?? text).trimEnd().split('\n')
  if (isWhole && lines.length <= most) return lines.join('\n')
  // Of a part, the last line may break off in the middle of a word.
  const shown = lines.slice(0, isWhole ? most : Math.min(most, Math.max(1, lines.length - 1)))
  return `${shown.join('\n')}\n${shades.dim(`… and more: ${size} in all. ${pointer}`)}`
}

// A cut may go through the middle of a character.
function wholeCharacters(bytes: Uint8Array): Uint8Array {
  let end = bytes.length
  while (end > 0 && ((bytes[end - 1] as number) & 0xc0) === 0x80) end -= 1
  return bytes.subarray(0, Math.max(0, end - 1))
}
