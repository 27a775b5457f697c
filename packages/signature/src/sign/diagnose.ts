import { type Diagnosis, headerOf, instantOf, type PreparedRequest, type ResponseSnapshot } from '@ez/core'
import type { Program } from '../compile/program.ts'
import type { RefusalRule } from '../language/description.ts'

const decoder = new TextDecoder()

/** Reads a refusal by the table of a description; the first row that fits tells. */
export function diagnoseRefusal(
  { writes }: Program,
  response: ResponseSnapshot,
  prepared: PreparedRequest,
  refusals: readonly RefusalRule[],
): Diagnosis | undefined {
  const body = decoder.decode(response.body.subarray(0, 65_536))
  const rule = refusals.find(
    ({ status, code, text }) =>
      (status === undefined || [status].flat().includes(response.status)) &&
      (code === undefined || hasCode(body, code)) &&
      (text === undefined || body.includes(text)),
  )
  if (!rule) return undefined
  const { cause, say } = rule
  const clockOffsetMs = cause === 'clock-skew' ? offsetOf(writes, response, prepared) : undefined
  return { cause, message: say, ...(clockOffsetMs !== undefined && { clockOffsetMs }) }
}

/** Whether a code stands in a text as a whole word, or as a number. */
function hasCode(body: string, code: string): boolean {
  for (let at = body.indexOf(code); at >= 0; at = body.indexOf(code, at + 1)) {
    const [before = '', after = ''] = [body[at - 1], body[at + code.length]]
    if (!/[\w.-]/.test(before) && !/[\w-]/.test(after)) return true
  }
  return false
}

/** The server's clock by its `Date` header against the instant that was sent. */
function offsetOf(
  writes: Program['writes'],
  { headers }: ResponseSnapshot,
  prepared: PreparedRequest,
): number | undefined {
  const server = instantOf(headerOf(headers, 'date'))
  for (const { to, name, piece } of writes) {
    if (![...piece.uses].some((use) => use.startsWith('time:'))) continue
    const sent =
      to === 'headers'
        ? headerOf(prepared.headers, name)
        : to === 'query'
          ? new URL(prepared.url).searchParams.get(name)
          : undefined
    const ours = milliseconds(sent ?? '')
    if (ours !== undefined && server !== undefined) return server - ours
  }
  return undefined
}

/** Milliseconds of an instant as schemes write it; the length of a number tells its unit. */
function milliseconds(text: string): number | undefined {
  if (!/^\d{9,17}(?:\.\d+)?$/.test(text))
    return instantOf(text.replace(/(T\d\d):(\d\d):(\d\d)\+0000$/, '$1$2$3Z'))
  const number = Number(text)
  return number < 1e11 ? number * 1000 : number < 1e14 ? number : Math.floor(number / 1000)
}
