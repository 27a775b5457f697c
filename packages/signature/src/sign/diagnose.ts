import type { Diagnosis, PreparedRequest, ResponseSnapshot } from '@ez/core'
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
  const server = Date.parse(headers.find(([name]) => name.toLowerCase() === 'date')?.[1] ?? '')
  for (const { to, name, piece } of writes) {
    if (![...piece.uses].some((use) => use.startsWith('time:'))) continue
    const sent =
      to === 'headers'
        ? prepared.headers.find(([known]) => known === name)?.[1]
        : to === 'query'
          ? new URL(prepared.url).searchParams.get(name)
          : undefined
    const ours = instantOf(sent ?? '')
    if (!Number.isNaN(ours) && !Number.isNaN(server)) return server - ours
  }
  return undefined
}

/** Milliseconds of an instant as schemes write it; the length of a number tells its unit. */
export function instantOf(text: string): number {
  if (/^\d{9,17}(?:\.\d+)?$/.test(text)) {
    const number = Number(text)
    return number < 1e11 ? number * 1000 : number < 1e14 ? number : Math.floor(number / 1000)
  }
  const basic = /^(\d{4})(\d\d)(\d\d)T(\d\d):?(\d\d):?(\d\d)(Z|[+-]0000)$/.exec(text)
  if (basic)
    return Date.UTC(
      +(basic[1] ?? 0),
      +(basic[2] ?? 0) - 1,
      +(basic[3] ?? 0),
      +(basic[4] ?? 0),
      +(basic[5] ?? 0),
      +(basic[6] ?? 0),
    )
  return Date.parse(text)
}
