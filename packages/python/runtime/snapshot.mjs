// @ts-check
// The file of a memory snapshot. Half of the interpreter's heap is zero: the file holds the rest, and it is read
// straight into the heap, without a copy in between.
//
// Words of four bytes, little endian: a mark, the length of Pyodide's head, the length of the heap, the number of
// runs, then start and length of each run; after them the head, then the bytes of the runs.
import { Buffer } from 'node:buffer'
import { closeSync, openSync, readSync } from 'node:fs'

const mark = 0x315a_4553
const page = 4096
// A gap shorter than this is not worth a run of its own.
const shortestGap = 16 * page
const zeros = Buffer.alloc(65536)

/**
 * @param {Uint8Array} snapshot as Pyodide makes it: a head, whose second word is its length, then the heap
 * @returns {Uint8Array}
 */
export function packed(snapshot) {
  const headLength = new DataView(snapshot.buffer, snapshot.byteOffset).getUint32(4, true)
  const heap = snapshot.subarray(headLength)
  const runs = runsOf(heap)
  const index = Uint32Array.from([mark, headLength, heap.length, runs.length, ...runs.flat()])
  const whole = new Uint8Array(
    index.byteLength + headLength + runs.reduce((sum, [, length]) => sum + length, 0),
  )
  whole.set(new Uint8Array(index.buffer))
  whole.set(snapshot.subarray(0, headLength), index.byteLength)
  let position = index.byteLength + headLength
  for (const [start, length] of runs) {
    whole.set(heap.subarray(start, start + length), position)
    position += length
  }
  return whole
}

/**
 * Start and length of what is not zero.
 *
 * @param {Uint8Array} heap
 */
function runsOf(heap) {
  /** @type {[number, number][]} */
  const runs = []
  for (let start = 0; start < heap.length; start += page) {
    const end = Math.min(heap.length, start + page)
    if (heap.subarray(start, end).every((byte) => byte === 0)) continue
    const last = runs.at(-1)
    if (last && start - (last[0] + last[1]) < shortestGap) last[1] = end - last[0]
    else runs.push([start, end - start])
  }
  return runs
}

/**
 * Makes a part of the heap zero. What is zero is left alone, so that it takes no memory.
 *
 * @param {Uint8Array} heap
 * @param {number} start
 * @param {number} end
 */
function clear(heap, start, end) {
  for (let at = start; at < end; at += zeros.length) {
    const part = heap.subarray(at, Math.min(end, at + zeros.length))
    if (!zeros.subarray(0, part.length).equals(part)) part.fill(0)
  }
}

/**
 * A snapshot as Pyodide takes it. Pyodide reads the head, then asks for the rest, to copy it into the heap: that is
 * when the runs are read.
 *
 * @param {string} path
 * @param {() => { heap: Uint8Array, used: number }} heapOf the heap, and the bytes of it that were ever used
 * @returns {{ view: Uint8Array, heapLength: number }}
 */
export function openSnapshot(path, heapOf) {
  const file = openSync(path, 'r')
  let position = 0
  /** @param {Uint8Array} bytes */
  const fill = (bytes) => {
    for (let done = 0; done < bytes.length; ) {
      const count = readSync(file, bytes, done, bytes.length - done, position)
      if (count === 0) throw new Error('the snapshot is cut')
      done += count
      position += count
    }
    return bytes
  }
  const [found, headLength = 0, heapLength = 0, count = 0] = new Uint32Array(fill(new Uint8Array(16)).buffer)
  if (found !== mark) throw new Error('no snapshot')
  const runs = new Uint32Array(fill(new Uint8Array(count * 8)).buffer)
  const head = fill(new Uint8Array(headLength))

  class Snapshot extends Uint8Array {
    static get [Symbol.species]() {
      return Uint8Array
    }

    /**
     * @override
     * @param {number} start
     * @param {number} [last]
     */
    subarray(start, last) {
      if (last !== undefined) return super.subarray(start, last)
      const { heap, used } = heapOf()
      let end = 0
      for (let index = 0; index < runs.length; index += 2) {
        const [from = 0, length = 0] = runs.subarray(index, index + 2)
        clear(heap, end, Math.min(used, from))
        fill(heap.subarray(from, from + length))
        end = from + length
      }
      clear(heap, end, used)
      closeSync(file)
      return new Uint8Array()
    }
  }
  return { view: new Snapshot(head), heapLength }
}
