// @ts-check
// Frames on the pipes to the parent: four bytes of length (little endian), then that many bytes. Both directions are
// read and written with blocking calls, so that the event loop never turns while a script can run: a promise, a timer
// or a socket that a script managed to start would never make progress.
import { readSync, writeSync } from 'node:fs'

const input = 0
const output = 1
const pause = new Int32Array(new SharedArrayBuffer(4))

/**
 * @param {Uint8Array} bytes
 * @returns {boolean} false at the end of the stream: the parent is gone
 */
function fill(bytes) {
  for (let position = 0; position < bytes.length; ) {
    try {
      const count = readSync(input, bytes, position, bytes.length - position, null)
      if (count === 0) return false
      position += count
    } catch (error) {
      const code = /** @type {NodeJS.ErrnoException} */ (error).code
      if (code === 'EOF') return false
      if (code !== 'EAGAIN') throw error
      Atomics.wait(pause, 0, 0, 1)
    }
  }
  return true
}

/** The next frame; `undefined` when the parent is gone. */
export function readFrame() {
  const head = new Uint8Array(4)
  if (!fill(head)) return undefined
  const bytes = new Uint8Array(new DataView(head.buffer).getUint32(0, true))
  return fill(bytes) ? bytes : undefined
}

/** @param {Uint8Array} bytes */
export function writeFrame(bytes) {
  const frame = new Uint8Array(4 + bytes.length)
  new DataView(frame.buffer).setUint32(0, bytes.length, true)
  frame.set(bytes, 4)
  for (let position = 0; position < frame.length; ) {
    try {
      position += writeSync(output, frame, position)
    } catch (error) {
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EAGAIN') throw error
      Atomics.wait(pause, 0, 0, 1)
    }
  }
}
