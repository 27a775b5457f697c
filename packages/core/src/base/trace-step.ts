/**
 * One line of a trace: what a step did, masked.
 *
 * `step` is the id of the stage or step (`freeze`, `aws-sigv4`), `id` what is told
 * (`canonical-request`, `string-to-sign`), `value` its text.
 */
export interface TraceStep {
  readonly step: string
  readonly id: string
  readonly value: string
}
