import type { ResolvedRequest } from './request.ts'
import type { TraceStep } from './trace.ts'

/** How a cURL line is written. */
export interface CurlOptions {
  /** Replace secrets by `***` (default `false`: the line works). */
  readonly mask?: boolean
  /** Quoting rules: a POSIX shell (default) or PowerShell 7.3+ on Windows. */
  readonly shell?: 'posix' | 'powershell'
}

/** The sealed result. `url` and `headers` are what is sent, unmasked; everything that prints is masked. */
export interface PreparedRequest extends ResolvedRequest {
  /** What each step did, masked; the same for the same clock and nonce. */
  readonly trace: readonly TraceStep[]
  /**
   * A standard `Request` with `redirect: 'manual'`.
   *
   * @throws EZ_HEADER_NOT_SENDABLE when the runtime's `fetch` would drop or change a header
   */
  toRequest(): Request
  /** A cURL command line that sends the same request. */
  toCurl(options?: CurlOptions): string
  /** Masked. */
  toJSON(): unknown
}
