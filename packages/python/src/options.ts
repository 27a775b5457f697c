import type { PythonPool } from './pool/pool.ts'
import type { Parameters } from './values.ts'

/** Options of `pythonScript`. */
export interface PythonScriptOptions {
  /** The script's text; this or `file`. */
  readonly source?: string
  /** Path or `file:` URL of the script; read once, when the script is created. */
  readonly file?: string | URL
  /** Name in traces and messages (default: the file's name). */
  readonly name?: string
  /**
   * Where variables of the script go: `{ 'header.Authorization': 'signature' }`. Places: `header.<name>`,
   * `query.<name>`, `method`, `url`, `body`, or the name of an output.
   */
  readonly exports?: Readonly<Record<string, string>>
  /** Values for `{{name}}` in this script alone, before the variables; also the script's dict `parameters`. */
  readonly parameters?: Parameters
  /** Milliseconds that a run may take (default 5,000). */
  readonly timeoutMs?: number
  /** Megabytes that the interpreter's heap may grow to (default 128; it starts with 30). */
  readonly memoryMb?: number
  /** What an interpreter serves: all runs of this script's text (default), or one run. */
  readonly isolation?: 'script' | 'run'
  /** Pins all randomness, for tests: the same seed gives the same nonces. */
  readonly seed?: string
  /** The interpreters to use (default: those that all scripts share). */
  readonly pool?: PythonPool
}
