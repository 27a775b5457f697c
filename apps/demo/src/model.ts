import type { Diagnosis, PreparedRequest, PreRequestScript, RequestTemplate, Signer } from '@ez/core'

/** What is done to a request so that its endpoint must refuse it. */
export type Defect = 'wrong-key' | 'tampered' | 'stale-clock'

/** Every defect, in the order in which they are tried. */
export const defects: readonly Defect[] = ['wrong-key', 'tampered', 'stale-clock']

/** What the vendor is expected to answer. */
export interface Outcome {
  /** Absent when nothing may be sent, because preparing the request must fail. */
  readonly status?: number
  /** The vendor's own error code, or the `EZ_…` code of preparing; absent for an accepted request. */
  readonly code?: string
  /** Text that the answer, or the error, must hold. */
  readonly says?: string
}

/** The parts of a sealed request that somebody on the way could change. */
interface SentParts {
  readonly url: string
  readonly headers: Headers
  readonly body: Uint8Array | null
}

/** One documented request: a template, and what its endpoint must make of it. */
export interface DemoRequest {
  /** What `--only` takes. */
  readonly name: string
  readonly title: string
  readonly vendor: string
  readonly template: RequestTemplate
  /** In place of the template's steps; made for each case, so that none lives on a token that another fetched. */
  readonly steps?: () => (PreRequestScript | Signer)[]
  readonly accepted: Outcome
  readonly tamper: {
    /** In words. */
    readonly what: string
    readonly change: (parts: SentParts) => SentParts
  }
  readonly refused: Readonly<Record<Defect, Outcome>>
  /** A request that must come out with the same `authorization`, at one clock and nonce. */
  readonly sameAs?: DemoRequest
  /** What a reader should know about the scheme's limits. */
  readonly note?: string
}

/** A response, read whole. */
export interface Answer {
  readonly status: number
  readonly statusText: string
  readonly headers: readonly (readonly [string, string])[]
  readonly body: string
}

/** What became of one request, with or without a defect. */
export interface CaseResult {
  readonly defect: Defect | null
  readonly expected: Outcome
  /** Why preparing failed; then nothing was sent. */
  readonly refusedBeforehand?: string
  readonly prepared?: PreparedRequest
  /** What was changed on the way, in words. */
  readonly tampered?: string
  readonly answer?: Answer
  /** The vendor's own error code, or that of preparing. */
  readonly code?: string
  /** The request that came out with the same `authorization`. */
  readonly sameAs?: string
  readonly diagnosis?: Diagnosis
  /** Everything that is not as expected; empty when all is. */
  readonly problems: readonly string[]
}

/** What became of one documented request: as it is, then with each defect. */
export interface RequestResult {
  readonly request: DemoRequest
  readonly cases: readonly CaseResult[]
}
