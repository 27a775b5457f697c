import { tooMuchOutput } from './errors.ts'

/** What an interpreter is given for one run. */
export interface Job {
  /** The attempt's clock: milliseconds since 1970. */
  readonly now: number
  /** Seed of everything random, when it is pinned; `null` leaves the system's randomness to `os.urandom`. */
  readonly pin: string | null
  /** Bytes that the interpreter's heap may grow to. */
  readonly memory: number
  /** Bytes that its process may take beside the heap, and beside what it took when it had started. */
  readonly slack: number
  /** Milliseconds after which the interpreter ends itself, should the parent be gone. */
  readonly timeout: number
  readonly script: {
    readonly source: string
    readonly filename: string
    readonly parameters: unknown
    readonly request: RequestState | null
    readonly wanted: readonly string[]
    readonly exports: readonly string[]
    /** Seed of the module `random`, hexadecimal. */
    readonly seed: string
  }
}

/** The request, as the script's `request` starts. */
export interface RequestState {
  readonly method: string
  readonly url: string
  readonly headers: readonly (readonly [string, string])[]
  readonly query: readonly (readonly [string, string])[]
}

/** A value that leaves the sandbox: its kind and its text. */
export type Encoded = readonly [kind: 'str' | 'int' | 'float' | 'bool' | 'bytes' | 'other', text: string]

/** An exception that the script did not catch. */
export interface Failure {
  readonly kind: string
  readonly text: string
  /** Line and function of the script's own frames, outermost first. */
  readonly frames: readonly (readonly [line: number, name: string])[]
  readonly memory: boolean
  /** What the script wrote to its request is no text. */
  readonly value: boolean
}

/** One edit of the request: its place, then what is done. */
export type Edit = readonly string[]

/** What a run leaves. */
export interface Result {
  readonly error?: Failure
  /** Bytes of a result that is too long to leave the interpreter; then there is nothing else. */
  readonly excess?: number
  readonly values?: Readonly<Record<string, Encoded>>
  readonly names?: readonly string[]
  readonly edits?: readonly Edit[]
}

/** The last frame of a run. */
export interface Answer {
  readonly log: string
  /** Bytes that the script printed; more than `log` holds when it was cut. */
  readonly logged: number
  readonly result: Result
}

/** What an interpreter says once, when it takes jobs. */
export interface Ready {
  readonly ready: true
  /** Bytes of memory that its process takes. */
  readonly resident: number
}

/** What an interpreter says during a run. */
export type Message =
  | Answer
  | { readonly ask: { readonly edits: readonly Edit[] } }
  /** The interpreter broke. */
  | { readonly fatal: string }
  /** The script went over a limit, and the interpreter noticed it first. */
  | { readonly excess: 'output' | 'memory' | 'time' }

/** Bytes of the longest frame that an interpreter writes: a result, the log, and their wrapping. */
export const largestFrame: number = 17 * 1024 * 1024

/** Frames on a pipe: four bytes of length (little endian), then that many bytes. */
export function frameOf(text: string): Uint8Array {
  const length = Buffer.byteLength(text)
  const frame = Buffer.allocUnsafe(4 + length)
  frame.writeUInt32LE(length, 0)
  frame.write(text, 4)
  return frame
}

/**
 * Cuts a stream of bytes into frames.
 *
 * @throws EZ_SCRIPT_OUTPUT for a frame longer than `largest` bytes
 */
export class FrameReader {
  readonly #largest: number
  #parts: Buffer[] = []
  #held = 0

  constructor(largest: number) {
    this.#largest = largest
  }

  /** Adds what was read; returns the frames that are whole by now. */
  push(part: Buffer): Buffer[] {
    this.#parts.push(part)
    this.#held += part.length
    const frames: Buffer[] = []
    for (;;) {
      const length = this.#nextLength()
      if (length === undefined) return frames
      if (length > this.#largest) throw tooMuchOutput(length)
      if (this.#held < 4 + length) return frames
      const whole = this.#parts.length === 1 ? (this.#parts[0] as Buffer) : Buffer.concat(this.#parts)
      frames.push(whole.subarray(4, 4 + length))
      const rest = whole.subarray(4 + length)
      this.#parts = rest.length > 0 ? [rest] : []
      this.#held = rest.length
    }
  }

  #nextLength(): number | undefined {
    if (this.#held < 4) return undefined
    if ((this.#parts[0] as Buffer).length < 4) this.#parts = [Buffer.concat(this.#parts)]
    return (this.#parts[0] as Buffer).readUInt32LE(0)
  }
}
