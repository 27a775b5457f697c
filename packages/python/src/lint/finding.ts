/** What a linter found in a script. */
export interface LintFinding {
  /** Stable name of the rule. */
  readonly rule:
    | 'script-fails'
    | 'query-line-missing'
    | 'query-unsigned'
    | 'method-contradicts'
    | 'region-contradicts'
    | 'path-contradicts'
    | 'host-contradicts'
    | 'clock-read-twice'
    | 'nonce-predictable'
    | 'body-contradicts'
    | 'header-unsigned'
    | 'signature-differs'
    | 'strftime-unknown'
  /** `error`: the service will refuse the request, or may. `warning`: it works until something changes. */
  readonly severity: 'error' | 'warning'
  /** Line of the script, from 1, where there is one. */
  readonly line?: number
  /** What is wrong, and the cure. */
  readonly message: string
}
