import type { ResolvedRequest, SignContext, SignStage } from '@ez/core'
import type { Change } from './change.ts'
import type { Description } from './description.ts'
import { suspects } from './suspects.ts'

/** A provider of a description, as far as its stages are asked for. */
export type Define = (description: Description) => {
  create(options: never): unknown
  stages(request: ResolvedRequest, options: never, context: SignContext): Promise<readonly SignStage[]>
}

/** What is signed, by whom and when. */
export interface Example {
  readonly request: ResolvedRequest
  readonly options: Readonly<Record<string, unknown>>
  readonly context: SignContext
}

const mostTried = 20_000
const mostFound = 5

/** The stages of an example, `signature` last. @throws what the description refuses */
export async function stagesOf(
  define: Define,
  description: Description,
  { request, options, context }: Example,
): Promise<readonly SignStage[]> {
  return define(description).stages(request, options as never, context)
}

/** Which one or two changes of a description give the expected value; the fewest changes first. */
export async function search(
  define: Define,
  description: Description,
  example: Example,
  expected: string,
): Promise<readonly (readonly Change[])[]> {
  const fits = async (changed: Description): Promise<boolean> => {
    try {
      return (await stagesOf(define, changed, example)).at(-1)?.value === expected
    } catch {
      // Another description may be none, or not fit this request.
      return false
    }
  }
  const first = [...suspects(description)]
  const found: (readonly Change[])[] = []
  for (const one of first)
    if (await fits(one.description)) {
      found.push([one])
      if (found.length === mostFound) return found
    }
  if (found.length > 0) return found
  let tried = 0
  for (let index = 0; index < first.length; index += 1)
    for (const two of suspects((first[index] as Change).description)) {
      if (tried === mostTried) return found
      tried += 1
      if (await fits(two.description)) return [[first[index] as Change, two]]
    }
  return found
}
