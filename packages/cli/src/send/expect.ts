import { unmetConditions } from '@ez/client'
import type { ResponseSnapshot } from '@ez/core'
import type { Expectation } from '@ez/request-file'

/** What of an expectation a response does not meet, one line each; without one, a status below 400 is good. */
export function unmet(
  expectation: Expectation | undefined,
  response: ResponseSnapshot,
  milliseconds: number,
): string[] {
  const { status } = response
  if (!expectation) return status < 400 ? [] : [`status ${status}`]
  const refused = expectation.status === undefined && status >= 400 ? [`status is ${status}`] : []
  return [...refused, ...unmetConditions(expectation, answerOf(response), milliseconds)]
}

/** Whether a status alone is not what was expected; without an expectation, a status below 400 is. */
export function unmetStatus(expectation: Expectation | undefined, status: number): boolean {
  const wanted = expectation?.status
  return wanted === undefined ? status >= 400 : ![wanted].flat().includes(status)
}

function answerOf({ status, headers, body }: ResponseSnapshot): Parameters<typeof unmetConditions>[1] {
  const text = new TextDecoder().decode(body)
  return {
    status,
    headers: new Headers(headers.map(([name, value]) => [name, value])),
    text,
    json: parsed(text),
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
