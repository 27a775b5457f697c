/** What became of one request. `refused`: there was an answer, but not the wanted one; `failed`: there was none. */
export interface Outcome {
  /** File, and `#name` when it holds several. */
  readonly label: string
  readonly name?: string
  /** From 1, of a run over rows. */
  readonly row?: number
  readonly verdict: 'ok' | 'refused' | 'failed'
  readonly method?: string
  /** Masked. */
  readonly url?: string
  readonly status?: number
  /** Milliseconds from preparing to the last byte of the answer. */
  readonly milliseconds: number
  /** Of the answer's body. */
  readonly bytes?: number
  readonly attempts?: number
  /** What was wrong, one line each. */
  readonly problems: readonly string[]
  /** Code of the error. */
  readonly code?: string
  /** Whether the input is wrong, rather than the request. */
  readonly wrongInput?: true
  /** Whether certainly nothing has left: it can be sent again without arriving twice. */
  readonly unsent?: true
}

/** The exit code of a run, with one more outcome. */
export function worseCode(code: 0 | 1 | 2, { verdict, wrongInput }: Outcome): 0 | 1 | 2 {
  if (code === 2 || wrongInput) return 2
  return verdict === 'ok' ? code : 1
}
