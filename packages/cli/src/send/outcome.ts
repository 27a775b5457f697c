import type { PreparedRequest, ResponseSnapshot } from '@ez/core'
import type { TestResult } from '../providers/postman.ts'

/** What became of one request. `refused`: there was an answer, but not the wanted one; `failed`: there was none. */
export interface Outcome {
  /** File, and `#name` when it holds several. */
  readonly label: string
  readonly name?: string
  /** From 1, of a run over rows. */
  readonly row?: number
  readonly verdict: 'ok' | 'refused' | 'failed'
  /** What was sent last. */
  readonly prepared?: PreparedRequest
  readonly status?: number
  /** The answer, where it is shown. */
  readonly response?: ResponseSnapshot
  /** Where a redirect leads, masked, and whether the run went there. */
  readonly redirect?: { readonly to: string; readonly followed: boolean }
  /** Milliseconds from preparing to the last byte of the answer. */
  readonly milliseconds: number
  /** Of the answer's body. */
  readonly bytes?: number
  readonly attempts?: number
  /** What was captured of the answer, secrets masked. */
  readonly captures?: Readonly<Record<string, unknown>>
  /** Names of what was captured and is not shown, and `body` where it is too long. */
  readonly withheld?: readonly string[]
  /** The answer's body, where it is kept: JSON, text, or bytes in base64. */
  readonly body?: unknown
  /** What scripts that look at the answer found. */
  readonly tests?: readonly TestResult[]
  /** What was wrong, one line each. */
  readonly problems: readonly string[]
  /** Code of the error. */
  readonly code?: string
  /** Whether the input is wrong, rather than the request. */
  readonly wrongInput?: true
  /** Whether certainly nothing has left: it can be sent again without arriving twice. */
  readonly unsent?: true
}

/** An outcome as it is told: of what was sent, method and masked URL. */
export interface ToldOutcome extends Omit<Outcome, 'prepared' | 'response' | 'body'> {
  readonly method?: string
  /** Masked. */
  readonly url?: string
}

/** An outcome, to be told. Only of those that are told is the request masked: that costs more than sending it. */
export function toldOf({ prepared, response: _, body: __, label, name, row, ...rest }: Outcome): ToldOutcome {
  const url = prepared && (prepared.toJSON() as { readonly url: string }).url
  return {
    label,
    ...(name !== undefined && { name }),
    ...(row !== undefined && { row }),
    ...(prepared && url !== undefined && { method: prepared.method, url }),
    ...rest,
  }
}

/** The exit code of a run, with one more outcome. */
export function worseCode(code: 0 | 1 | 2, { verdict, wrongInput }: Outcome): 0 | 1 | 2 {
  if (code === 2 || wrongInput) return 2
  return verdict === 'ok' ? code : 1
}
