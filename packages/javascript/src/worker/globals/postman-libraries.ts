/** `require` and the libraries that Postman's scripts find as globals: the real packages, loaded when they are named. */
export const postmanLibraries: string = `
const modules = new Map()
const requireFrom = (from) => (name) => {
  if (name === 'crypto-js' && from === '') return makeCrypto()
  const id = host('resolve', toText(name), from)
  let module = modules.get(id)
  if (module === undefined) {
    module = { exports: {}, id }
    modules.set(id, module)
    apply(host('library', id), module.exports, [module.exports, requireFrom(id), module])
  }
  return module.exports
}
// crypto-js in parts: its core, and what a script names of it. Each part adds itself to the core.
const cryptoParts = {
  MD5: 'md5', SHA1: 'sha1', SHA224: 'sha224', SHA256: 'sha256', SHA384: 'sha384', SHA512: 'sha512', SHA3: 'sha3',
  RIPEMD160: 'ripemd160', PBKDF2: 'pbkdf2', EvpKDF: 'evpkdf', AES: 'aes', DES: 'tripledes', TripleDES: 'tripledes',
  RC4: 'rc4', RC4Drop: 'rc4', Rabbit: 'rabbit', RabbitLegacy: 'rabbit-legacy', Blowfish: 'blowfish',
  x64: 'x64-core',
}
const later = (object, name, load) =>
  defineProperty(object, name, {
    configurable: true,
    enumerable: true,
    get: () => {
      delete object[name]
      load()
      return object[name]
    },
    set: (value) => defineProperty(object, name, { configurable: true, enumerable: true, writable: true, value }),
  })
// A digest of nothing is a wrong signature without a word: crypto-js makes one.
const guarded = (core, name, needed) => {
  const digest = core[name]
  core[name] = (...values) => {
    for (let index = 0; index < needed; index += 1)
      if (values[index] === undefined || values[index] === null)
        host('refuse', 'CryptoJS.' + name + ': what it is to digest is ' + toText(values[index]) + '. Give a text.')
    return digest(...values)
  }
}
let sharedCrypto
const makeCrypto = () => {
  if (sharedCrypto !== undefined) return sharedCrypto
  const take = (part) => requireFrom('')('crypto-js/' + part)
  const core = take('core')
  sharedCrypto = core
  const hashes = ['MD5', 'SHA1', 'SHA224', 'SHA256', 'SHA384', 'SHA512', 'SHA3', 'RIPEMD160']
  for (const [name, part] of entries(cryptoParts)) {
    const load = () => {
      take(part)
      // The old defaults, which Postman still ships.
      if (name === 'PBKDF2') assign(core.algo.PBKDF2.cfg, { iterations: 1, hasher: core.algo.SHA1 ?? (take('sha1'), core.algo.SHA1) })
      if (hashes.includes(name)) {
        guarded(core, name, 1)
        guarded(core, 'Hmac' + name, 2)
      }
    }
    later(core, name, load)
    if (part !== 'x64-core') later(core.algo, name, load)
    if (hashes.includes(name)) later(core, 'Hmac' + name, () => { take('hmac'); void core[name]; if (core['Hmac' + name] === undefined) load() })
  }
  later(core.algo, 'HMAC', () => take('hmac'))
  later(core.enc, 'Base64', () => take('enc-base64'))
  later(core.enc, 'Base64url', () => take('enc-base64url'))
  for (const name of ['Utf16', 'Utf16BE', 'Utf16LE']) later(core.enc, name, () => take('enc-utf16'))
  for (const [name, part] of entries({ mode: 'cipher-core', pad: 'cipher-core', format: 'cipher-core', kdf: 'cipher-core' }))
    later(core, name, () => {
      take(part)
      if (name === 'mode') for (const mode of ['cfb', 'ctr', 'ctr-gladman', 'ofb', 'ecb']) take('mode-' + mode)
      if (name === 'pad') for (const pad of ['ansix923', 'iso10126', 'iso97971', 'zeropadding', 'nopadding']) take('pad-' + pad)
    })
  return core
}
`
