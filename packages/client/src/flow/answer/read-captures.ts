import type { ResponseSnapshot } from '@ez/core'
import { checkCaptures } from '../check-capture.ts'
import type { Capture } from '../flow.ts'
import { Answer } from './answer.ts'
import { captureValues } from './capture.ts'

/** What an answer holds for whoever keeps it. */
export interface KeptAnswer {
  /** The captured values by name; those of `secret: true` are `Secret`. */
  readonly captures: Readonly<Record<string, unknown>>
  /** The body: the value of a JSON answer, whose long numbers are texts; any other as text. */
  readonly body: unknown
}

/**
 * Reads what captures name in an answer, without a flow; `place` begins the messages of errors.
 *
 * @throws EZ_CAPTURE_MISSING, EZ_FLOW_INVALID, EZ_NAME_RESERVED
 *
 * @example
 * ```ts
 * import { readCaptures } from '@ez/client'
 *
 * const body = new TextEncoder().encode('{"orderId":"o-1"}')
 * const { captures } = await readCaptures(
 *   { order: { json: '$.orderId' } },
 *   { status: 201, headers: [['content-type', 'application/json']], body },
 *   'create',
 * )
 * console.log(captures.order)
 * ```
 */
export async function readCaptures(
  captures: Readonly<Record<string, Capture>>,
  { status, headers, body }: ResponseSnapshot,
  place: string,
): Promise<KeptAnswer> {
  checkCaptures(place, captures)
  const answer = new Answer(
    { status, headers: new Headers(headers.map(([name, value]): [string, string] => [name, value])) },
    body,
    {},
    place,
  )
  return {
    captures: await captureValues(captures, answer, place),
    get body() {
      return answer.format === 'json' ? (answer.json ?? answer.text) : answer.text
    },
  }
}
