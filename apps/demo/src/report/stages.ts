import type { TraceStep } from '@ez/core'
import type { Answer } from '../model.ts'
import type { Screen } from './screen.ts'
import { type Line, section } from './section.ts'

// What the trace calls `freeze` is the request with everything resolved.
const labels: Readonly<Record<string, string>> = { 'freeze/request': 'resolved', patch: 'added' }
const hidden = new Set(['seal/request'])
// Characters of a JSON body that stays on one line.
const compact = 72
const shownHeaders = new Set(['content-type', 'etag', 'www-authenticate'])

/** The stages of a trace, one block each. */
export function showStages(trace: readonly TraceStep[], screen: Screen): string[] {
  return trace
    .filter(({ step, id }) => !hidden.has(`${step}/${id}`))
    .flatMap(({ step, id, value }) => {
      const label = labels[`${step}/${id}`] ?? labels[id] ?? id.replaceAll('-', ' ')
      const lines = value.replace(/\n+$/, '').split('\n')
      const painted = lines.map((text, index) => ({ text: paintStage(id, text, index, screen) }))
      return [...section(screen.paint('dim', label), painted, screen), '']
    })
}

function paintStage(id: string, text: string, index: number, { paint }: Screen): string {
  if (id === 'signature') return paint('yellow', text)
  if (id === 'request' && index === 0) return text.replace(/^\S+/, (method) => paint('bold', method))
  if (id === 'request' || id === 'patch' || id === 'canonical-request')
    return /^\(\d+ bytes/.test(text)
      ? paint('dim', text)
      : text.replace(/^([a-z0-9-]+)(:)/, (_, name: string, colon: string) => paint('cyan', name) + colon)
  return text
}

/** Status, headers and body of an answer. */
export function answerLines(
  answer: Answer,
  code: string | undefined,
  inFull: boolean,
  { paint }: Screen,
): Line[] {
  const status = `${answer.status} ${answer.statusText}`.trim()
  const painted = paint(answer.status < 400 ? ['bold', 'green'] : ['bold', 'red'], status)
  const headers = answer.headers
    .filter(([name]) => shownHeaders.has(name))
    .map(([name, value]) => ({ text: `${paint('cyan', name)}: ${value}`, isProse: true }))
  return [
    {
      text:
        code === undefined || code === answer.statusText ? painted : `${painted}  ${paint('yellow', code)}`,
    },
    ...headers,
    ...readable(answer.body).map((text) => ({ text: inFull ? text : shortened(text), isProse: true })),
  ]
}

// S3 repeats what it signed byte by byte in hex: right, and of no use to a reader.
function shortened(line: string): string {
  return line.replace(/((?:[0-9a-f]{2} ){16})[0-9a-f ]{48,}/, '$1…')
}

// Laid out for reading: JSON and XML indented, line breaks inside of values as line breaks.
function readable(body: string): string[] {
  if (body === '') return []
  if (body.startsWith('<'))
    return body
      .replaceAll('\n', '\n    ')
      .replace(/>\s*</g, '>\n  <')
      .replace(/^ {2}(?=<\/?Error>)/gm, '')
      .split('\n')
      .map((line) => line.trimEnd())
  try {
    const data: unknown = JSON.parse(body)
    if (body.length <= compact) return [JSON.stringify(data)]
    return JSON.stringify(data, null, 2).split('\n').flatMap(openLineBreaks)
  } catch {
    return body.split('\n')
  }
}

function openLineBreaks(line: string): string[] {
  const indent = `${/^ */.exec(line)?.[0]}  `
  const [first = '', ...rest] = line.replaceAll('\\r', '').split('\\n')
  return [first, ...rest.map((part) => (part === '' ? '' : indent + part))]
}
