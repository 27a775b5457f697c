import type { Diagnosis, PreparedRequest, RequestTemplate } from '@ez/core'

/** What is done to a request so that its endpoint must refuse it. */
export type Defect = 'wrong-key' | 'tampered' | 'stale-clock'

/** Every defect, in the order in which they are tried. */
export const defects: readonly Defect[] = ['wrong-key', 'tampered', 'stale-clock']

/** What the vendor is expected to answer. */
export interface Outcome {
  readonly status: number
  /** The vendor's own error code; absent for an accepted request. */
  readonly code?: string
  /** Text that the answer must hold. */
  readonly says?: string
}

/** The parts of a sealed request that somebody on the way could change. */
interface SentParts {
  readonly url: string
  readonly body: Uint8Array | null
}

/** One documented request: a template, and what its endpoint must make of it. */
export interface DemoRequest {
  /** What `--only` takes. */
  readonly name: string
  readonly title: string
  readonly vendor: string
  readonly template: RequestTemplate
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
  /** Absent when preparing failed, and then nothing was sent. */
  readonly prepared?: PreparedRequest
  /** What was changed on the way, in words. */
  readonly tampered?: string
  readonly answer?: Answer
  /** The vendor's own error code. */
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
