import type { EngineExports, Handle } from './exports.ts'

/** What the engine asks its host while a runtime lives. */
export interface EngineHost {
  /** A function of the host was called; where its result lies, 0 when it threw. */
  call(count: number, values: number): Handle
  /** Whether what runs must stop; asked every few thousand steps. */
  interrupted(): boolean
  /** A promise was rejected with nobody to handle it, or is handled now. Both handles are the host's. */
  rejected(promise: Handle, reason: Handle, handled: boolean): void
  /** Milliseconds since 1970: what the engine's clock shows. */
  now(): number
}

const noHost: EngineHost = { call: () => 0, interrupted: () => true, rejected: () => {}, now: () => 0 }
const [success, unsupported] = [0, 52]

/** One instance of the engine's module, with a memory of its own. It holds one runtime at a time. */
export class EngineInstance {
  readonly exports: EngineExports
  host: EngineHost = noHost
  /** What the engine said of itself before it broke. */
  complaint = ''
  #bytes: Uint8Array

  constructor(module: WebAssembly.Module) {
    this.exports = new WebAssembly.Instance(module, {
      env: this.#environment(),
      wasi_snapshot_preview1: this.#system(),
    }).exports as unknown as EngineExports
    this.#bytes = new Uint8Array(this.exports.memory.buffer)
    this.exports._initialize()
  }

  /** The memory as it is now; growing replaces it. */
  get bytes(): Uint8Array {
    const { buffer } = this.exports.memory
    if (this.#bytes.buffer !== buffer) this.#bytes = new Uint8Array(buffer)
    return this.#bytes
  }

  word(at: number): number {
    const bytes = this.bytes
    return (
      ((bytes[at] as number) |
        ((bytes[at + 1] as number) << 8) |
        ((bytes[at + 2] as number) << 16) |
        ((bytes[at + 3] as number) << 24)) >>>
      0
    )
  }

  #environment(): WebAssembly.ModuleImports {
    return {
      host_call: (_name: number, _length: number, _self: Handle, count: number, values: number) =>
        this.host.call(count, values),
      host_interrupt: () => (this.host.interrupted() ? 1 : 0),
      host_promise_rejection: (promise: Handle, reason: Handle, handled: number) =>
        this.host.rejected(promise, reason, handled !== 0),
      // Dates are UTC on every machine.
      host_get_timezone_offset: () => 0,
      // There is nothing to import.
      host_module_normalize: () => 0,
      host_module_load: () => 0,
    }
  }

  #system(): WebAssembly.ModuleImports {
    return {
      clock_time_get: (_clock: number, _precision: bigint, at: number) => {
        const nanoseconds = BigInt(Math.trunc(this.host.now())) * 1_000_000n
        new DataView(this.exports.memory.buffer).setBigUint64(at, nanoseconds, true)
        return success
      },
      random_get: (at: number, length: number) => {
        crypto.getRandomValues(
          new Uint8Array(this.exports.memory.buffer, at, length) as Uint8Array<ArrayBuffer>,
        )
        return success
      },
      fd_write: (_file: number, pieces: number, count: number, written: number) => {
        let total = 0
        for (let index = 0; index < count; index += 1) {
          const [at, length] = [this.word(pieces + index * 8), this.word(pieces + index * 8 + 4)]
          this.complaint = (
            this.complaint + new TextDecoder().decode(this.bytes.slice(at, at + length))
          ).slice(-500)
          total += length
        }
        new DataView(this.exports.memory.buffer).setUint32(written, total, true)
        return success
      },
      fd_close: () => unsupported,
      fd_fdstat_get: () => unsupported,
      fd_seek: () => unsupported,
    }
  }
}
