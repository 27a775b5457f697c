/**
 * One line of a trace: what a step did, masked.
 *
 * `step` is the id of the stage or step (`freeze`, `aws-sigv4`), `id` what is told
 * (`canonical-request`, `string-to-sign`), `value` its text.
 */
export interface TraceStep {
  /** The id of the step. */
  readonly step: string
  /** What of the step, such as `canonical-request`. */
  readonly id: string
  /** As text, without secrets. */
  readonly value: string
}
