/** `btoa`, `atob`, `console`, `crypto`, `Math.random`, `String.prototype.localeCompare`. */
export const small: string = `
global('btoa', (text) => host('btoa', toText(text)))
global('atob', (text) => host('atob', toText(text)))
global('console', { log: print, info: print, warn: print, error: print, debug: print })
global('crypto', {
  hash: (algorithm, bytes, encoding) => host('hash', algorithm, data(bytes), encoding),
  sha1: (bytes, encoding) => host('hash', 'sha1', data(bytes), encoding),
  sha256: (bytes, encoding) => host('hash', 'sha256', data(bytes), encoding),
  sha512: (bytes, encoding) => host('hash', 'sha512', data(bytes), encoding),
  hmac: (algorithm, key, bytes, encoding) => host('hmac', algorithm, data(key), data(bytes), encoding),
  randomUUID: () => host('randomUUID'),
  getRandomValues(view) {
    if (!isView(view) || !(view.byteLength <= 65536))
      throw new RangeError('crypto.getRandomValues: give a typed array of at most 65,536 bytes')
    overwrite(view, host('randomBytes', view.byteLength))
    return view
  },
})
Math.random = () => host('random')
defineProperty(String.prototype, 'localeCompare', {
  configurable: true,
  enumerable: false,
  writable: true,
  value: function localeCompare(that, locales, options) {
    return host('compare', toText(this), toText(that), stringify(locales), stringify(options))
  },
})
`
