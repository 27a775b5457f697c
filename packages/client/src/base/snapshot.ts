import type { ResponseSnapshot } from '@ez/core'

const decoder = new TextDecoder()

/** The body as text; bytes that are not UTF-8 are replaced. */
export function textOf(response: ResponseSnapshot): string {
  return decoder.decode(response.body)
}
