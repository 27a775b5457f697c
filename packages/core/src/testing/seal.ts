import type { PreparedRequest } from '../contract/prepared.ts'
import type { Pairs, ResolvedRequest } from '../contract/request.ts'
import { signRequest } from '../prepare.ts'
import { ensure } from './compare.ts'
import type { Subject } from './subject.ts'
import { contextOf, requestOf, type Vector } from './vector.ts'

/** One check of one vector. */
export interface VectorCheck {
  readonly title: string
  run(subject: Subject, vector: Vector): Promise<void>
}

/** Signs through core, as a user does. */
export function seal(
  subject: Subject,
  vector: Vector,
  request: ResolvedRequest = requestOf(vector),
  laterMs = 0,
): Promise<PreparedRequest> {
  const { now, nonce } = contextOf(vector, laterMs)
  return signRequest(request, [subject.signer(vector)], { clock: now, nonce })
}

/** Core removes what a signer declares: a header that it declares and does not write is lost on the way. */
export function checkKept(title: string, given: Pairs, { headers }: ResolvedRequest): void {
  for (const [name] of given)
    ensure(
      headers.some((pair) => pair[0] === name),
      `${title}: the header ${name} is lost. The signer declares it in writes, and does not write it.`,
    )
}
