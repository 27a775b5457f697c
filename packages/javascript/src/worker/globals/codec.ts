/** `TextEncoder` and `TextDecoder`. Source: WHATWG Encoding; the host decodes. */
export const codec: string = `({ host, toText, data }) => {
class TextEncoder {
  get encoding() { return 'utf-8' }
  encode(text = '') { return host('encode', toText(text)) }
  encodeInto(text, target) {
    const bytes = host('encode', toText(text))
    let written = Math.min(bytes.length, target.length)
    while ((bytes[written] & 0xc0) === 0x80) written -= 1
    target.set(bytes.subarray(0, written))
    // One UTF-16 unit for each first byte of a character, two above U+FFFF.
    let read = 0
    for (const byte of bytes.subarray(0, written)) read += (byte & 0xc0) === 0x80 ? 0 : byte < 0xf0 ? 1 : 2
    return { read, written }
  }
}
class TextDecoder {
  #options
  constructor(label = 'utf-8', { fatal = false, ignoreBOM = false } = {}) {
    this.#options = [toText(label), fatal === true, ignoreBOM === true]
    host('decode', new ArrayBuffer(0), ...this.#options)
  }
  get encoding() { return this.#options[0].toLowerCase() }
  decode(bytes = new ArrayBuffer(0)) { return host('decode', data(bytes), ...this.#options) }
}
return { TextEncoder, TextDecoder }
}`
