import type { Answer, Edit, FetchCall, Question } from '../../protocol.ts'

/** What a sandbox reaches outside itself. */
export interface SandboxBridge {
  /** Asks the host, after these edits, and sleeps until it answers. */
  ask(edits: readonly Edit[], question: Question): Answer
  fetch(call: FetchCall): void
}
