import type { TraceStep } from '../base/trace-step.ts'
import type { ResolvedRequest } from './request.ts'

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
   * @throws EZ_URL_NOT_SENDABLE, EZ_METHOD_INVALID, EZ_HEADER_NOT_SENDABLE when the runtime's `fetch` would send
   * another URL, method or header
   * @throws EZ_BODY_INVALID for a stream that was read
   */
  toRequest(): Request
  /** A cURL command line that sends the same request. @throws EZ_OPTION_INVALID for an unknown shell */
  toCurl(options?: CurlOptions): string
  /** Masked. */
  toJSON(): unknown
}
