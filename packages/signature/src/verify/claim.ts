import type { ReceivedRequest } from '@ez/core/received'
import type { Program } from '../compile/program.ts'
import type { SignatureDescription } from '../language/description.ts'
import type { Captured } from './layout.ts'
import type { Placement } from './placement.ts'

/** What a request says of its signature. */
export interface Claim {
  readonly description: SignatureDescription
  readonly program: Program
  readonly placement: Placement
  readonly captured: Captured
  readonly received: ReceivedRequest
  /** Already read, where it holds what was written. */
  readonly body: Uint8Array | undefined
}
