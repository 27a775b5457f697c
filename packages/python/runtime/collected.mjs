// @ts-check
/** Bytes that a script wrote, kept in one buffer that never holds more than `most`. */
export class Collected {
  #buffer = new Uint8Array(4096)
  #length = 0
  #most

  /** @param {number} most */
  constructor(most) {
    this.#most = most
  }

  /**
   * Adds as much as there is room for.
   *
   * @param {Uint8Array} bytes
   * @returns {boolean} whether all of it was kept
   */
  add(bytes) {
    const kept = bytes.subarray(0, this.#most - this.#length)
    const length = this.#length + kept.length
    if (length > this.#buffer.length) {
      const larger = new Uint8Array(Math.min(this.#most, Math.max(length, this.#buffer.length * 2)))
      larger.set(this.#buffer.subarray(0, this.#length))
      this.#buffer = larger
    }
    this.#buffer.set(kept, this.#length)
    this.#length = length
    return kept.length === bytes.length
  }

  /** Forgets what it holds, and gives a large buffer back. */
  clear() {
    this.#length = 0
    if (this.#buffer.length > 65536) this.#buffer = new Uint8Array(4096)
  }

  /** What it holds, until it is changed. */
  get bytes() {
    return this.#buffer.subarray(0, this.#length)
  }
}
