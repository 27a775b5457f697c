const pageBytes = 4096
// The engine's stack grows down from its heap; its limit is 128 KiB.
const stackBytes = 160 * 1024
const empty = Buffer.alloc(pageBytes)

/**
 * The whole memory of an engine in which no script has run. Put back, every object, every variable and the
 * allocator are what they were, to the byte.
 */
export class MemoryImage {
  readonly #memory: WebAssembly.Memory
  readonly #pieces: readonly { readonly at: number; readonly bytes: Uint8Array }[]

  constructor(memory: WebAssembly.Memory) {
    this.#memory = memory
    this.#pieces = rangesOf(memory).map(([at, end]) => ({
      at,
      bytes: new Uint8Array(memory.buffer, at, end - at).slice(),
    }))
  }

  /** Puts back what the image holds; `cleared` also empties what scripts left above it. */
  putBack(cleared = false): void {
    const all = new Uint8Array(this.#memory.buffer)
    for (const { at, bytes } of this.#pieces) {
      // What lies before: the stack. It is dead by now, but may hold what a script knew.
      all.fill(0, Math.max(0, at - stackBytes), at)
      all.set(bytes, at)
    }
    const last = this.#pieces.at(-1)
    if (cleared && last !== undefined) all.fill(0, last.at + last.bytes.length)
  }
}

/**
 * The parts of the memory that hold anything: the data of the engine, then its heap. Between them lies the stack,
 * which is empty while nothing runs; above the heap lies what the allocator has not taken yet.
 */
function rangesOf({ buffer }: WebAssembly.Memory): [at: number, end: number][] {
  const ranges: [number, number][] = []
  for (let at = 0; at < buffer.byteLength; at += pageBytes) {
    if (empty.equals(new Uint8Array(buffer, at, pageBytes))) continue
    const last = ranges.at(-1)
    // A gap that is shorter than a stack may be a page of the heap that happens to be empty.
    if (last !== undefined && at - last[1] <= stackBytes) last[1] = at + pageBytes
    else ranges.push([at, at + pageBytes])
  }
  return ranges
}
