// Source: RFC 1321 section 3. WebCrypto has no MD5, and `content-md5` is how Azure Storage binds a body.
const shifts = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21]
const sines = Array.from({ length: 64 }, (_, index) => Math.floor(Math.abs(Math.sin(index + 1)) * 2 ** 32))

/** The MD5 digest of bytes. */
export function md5(bytes: Uint8Array): Uint8Array {
  const length = Math.ceil((bytes.length + 9) / 64) * 64
  const padded = new Uint8Array(length)
  padded.set(bytes)
  padded[bytes.length] = 0x80
  const view = new DataView(padded.buffer)
  view.setUint32(length - 8, (bytes.length << 3) >>> 0, true)
  view.setUint32(length - 4, Math.floor(bytes.length / 2 ** 29), true)
  const state = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476] as [number, number, number, number]
  for (let start = 0; start < length; start += 64) mixBlock(state, view, start)
  const digest = new DataView(new ArrayBuffer(16))
  state.forEach((word, index) => {
    digest.setInt32(index * 4, word, true)
  })
  return new Uint8Array(digest.buffer)
}

function mixBlock(state: [number, number, number, number], view: DataView, start: number): void {
  let [a, b, c, d] = state
  for (let step = 0; step < 64; step += 1) {
    const round = step >> 4
    let mixed: number
    let word: number
    if (round === 0) [mixed, word] = [(b & c) | (~b & d), step]
    else if (round === 1) [mixed, word] = [(d & b) | (~d & c), (5 * step + 1) % 16]
    else if (round === 2) [mixed, word] = [b ^ c ^ d, (3 * step + 5) % 16]
    else [mixed, word] = [c ^ (b | ~d), (7 * step) % 16]
    const sum = (a + mixed + (sines[step] as number) + view.getUint32(start + word * 4, true)) | 0
    const shift = shifts[round * 4 + (step % 4)] as number
    ;[a, b, c, d] = [d, (b + ((sum << shift) | (sum >>> (32 - shift)))) | 0, b, c]
  }
  state[0] = (state[0] + a) | 0
  state[1] = (state[1] + b) | 0
  state[2] = (state[2] + c) | 0
  state[3] = (state[3] + d) | 0
}
