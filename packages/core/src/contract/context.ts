import type { TraceStep } from '../base/trace-step.ts'
import type { PreparedRequest } from './prepared.ts'

/** Everything that `prepare` needs besides the template; all of it can be given, so that runs are reproducible. */
export interface PrepareContext {
  /** Configuration; a value may hold `{{names}}`, may be a function (called when it is needed, once an attempt; may be async), or `secret('…')`. */
  variables?: Record<string, unknown>
  /** Rows, records, input: same `{{names}}`, always literal; wins over `variables`. */
  data?: Record<string, unknown>
  /** Runtime values known beforehand: `min_num`, `max_num`, `cursor_val`. */
  outputs?: Record<string, unknown>
  /** The only hosts that may be called: `api.example.com`, `*.example.com`, either with a port: `api.example.com:8443`. */
  allowedHosts?: readonly string[]
  /** The clock; read once an attempt. */
  clock?: () => Date
  /** The start of the send, the same for all its attempts; days and windows come from it. */
  startedAt?: Date
  /** Default: 32 letters and digits from the CSPRNG. */
  nonce?: () => string
  /** Default: a random UUID, version 4. */
  uuid?: () => string
  /** A request whose secrets are masked in this one too: the one whose answer was a redirect to this one. */
  secretsOf?: PreparedRequest
  /** What scripts send with. */
  fetch?: typeof fetch
  /** Aborts the preparation with `EZ_ABORTED`. */
  signal?: AbortSignal
  /** Milliseconds that one script or signer may take, the fetching of variables, or the reading of a `Request` (default 30,000). */
  stepTimeoutMs?: number
  /** Told each trace line as it happens, and durations in milliseconds. */
  log?: (entry: TraceStep) => void
}
