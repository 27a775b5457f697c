import { createHash, createHmac, createSecretKey } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import * as node from '../../src/crypto/node.ts'
import * as portable from '../../src/crypto/portable.ts'
import { EzError } from '../../src/index.ts'

const names = ['md5', 'sha1', 'sha256', 'sha384', 'sha512'] as const
const encodings = ['hex', 'base64'] as const

describe('both paths', () => {
  test('export the same names', () => expect(Object.keys(portable).sort()).toEqual(Object.keys(node).sort()))

  test('hash and HMAC as the host does, for texts and bytes of any length', () =>
    fc.assert(
      fc.property(
        fc.constantFrom(...names),
        fc.constantFrom(...encodings),
        fc.oneof(fc.uint8Array({ maxLength: 300 }), fc.string({ unit: 'grapheme' })),
        fc.oneof(
          fc.uint8Array({ size: 'max', maxLength: 9000 }),
          fc.string({ unit: 'grapheme', maxLength: 3000 }),
        ),
        (name, encoding, key, data) => {
          const hash = createHash(name).update(data).digest(encoding)
          const hmac = createHmac(name, key).update(data).digest(encoding)
          for (const path of [node, portable]) {
            expect(path.hash(path[name], data, encoding)).toBe(hash)
            const hmacKey = path.createHmacKey(path[name], key)
            expect(path.hmac(hmacKey, data, encoding)).toBe(hmac)
            expect(path.hmac(hmacKey, data, encoding)).toBe(hmac)
            expect(Buffer.from(path.hmacBytes(hmacKey, data)).toString(encoding)).toBe(hmac)
          }
        },
      ),
    ))

  test('HMAC by keys that take turns', () => {
    for (const path of [node, portable])
      for (const name of names) {
        const keys = ['one', 'two'].map((key) => path.createHmacKey(path[name], key))
        for (const turn of [0, 1, 0])
          expect(path.hmac(keys[turn] as node.HmacKey, 'text', 'hex')).toBe(
            createHmac(name, ['one', 'two'][turn] as string)
              .update('text')
              .digest('hex'),
          )
      }
  })

  test.each([0, 8191, 8192, 8193, 100_000])(
    'hash a body of %i bytes, at once or as a stream',
    async (length) => {
      const bytes = new Uint8Array(length).map((_, index) => index % 251)
      for (const name of names) {
        const expected = createHash(name).update(bytes).digest('hex')
        for (const path of [node, portable]) {
          expect(await path.hashBody(path[name], bytes, 'hex')).toBe(expected)
          const running = path.createHash(path[name])
          running.update(bytes.subarray(0, length >> 1))
          running.update(bytes.subarray(length >> 1))
          expect(running.digest('hex')).toBe(expected)
        }
      }
    },
  )

  // RFC 4231 test cases 1 and 6, RFC 2202 test case 1.
  test.each<['sha1' | 'sha256', Buffer, string, string]>([
    [
      'sha256',
      Buffer.alloc(20, 0x0b),
      'Hi There',
      'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7',
    ],
    [
      'sha256',
      Buffer.alloc(131, 0xaa),
      'Test Using Larger Than Block-Size Key - Hash Key First',
      '60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54',
    ],
    ['sha1', Buffer.alloc(20, 0x0b), 'Hi There', 'b617318655057264e28bc0b6fb378c8ef146be00'],
  ])('agree with the RFC: %s', (name, key, data, expected) => {
    for (const path of [node, portable])
      expect(path.hmac(path.createHmacKey(path[name], key), data, 'hex')).toBe(expected)
  })
})

describe('what is neither a text nor bytes', () => {
  const wrong: readonly [string, unknown][] = [
    ['an ArrayBuffer', new TextEncoder().encode('secret').buffer],
    ['a DataView', new DataView(new ArrayBuffer(8))],
    ['a key of the host', createSecretKey('secret', 'utf8')],
    ['a list', [1, 2, 3]],
    ['an object', {}],
    ['a number', 7],
    ['null', null],
    ['nothing', undefined],
  ]

  test.each(wrong)('%s is no key and no message', async (_, value) => {
    const data = value as Uint8Array
    const refusal = expect.objectContaining({ code: 'EZ_OPTION_INVALID' })
    for (const path of [node, portable]) {
      const key = path.createHmacKey(path.sha256, 'key')
      expect(() => path.createHmacKey(path.sha256, data)).toThrow(refusal)
      expect(() => path.hmac(key, data, 'hex')).toThrow(refusal)
      expect(() => path.hmacBytes(key, data)).toThrow(refusal)
      expect(() => path.hash(path.sha256, data, 'hex')).toThrow(refusal)
      expect(() => path.hashBody(path.sha256, data, 'hex')).toThrow(refusal)
    }
  })

  test('half of a surrogate pair is no text: two secrets must not become one', () => {
    const refusal = expect.objectContaining({ code: 'EZ_TEXT_INVALID' })
    for (const path of [node, portable])
      for (const text of ['\ud800secret', 'secret\udc00'.repeat(1000)]) {
        expect(() => path.utf8(text)).toThrow(refusal)
        expect(() => path.createHmacKey(path.sha256, text)).toThrow(refusal)
        expect(() => path.hmac(path.createHmacKey(path.sha256, 'key'), text, 'hex')).toThrow(refusal)
        expect(() => path.hash(path.sha256, text, 'hex')).toThrow(refusal)
      }
  })
})

test('a page without TLS, which has no WebCrypto, hashes large bodies too', async () => {
  vi.stubGlobal('crypto', { getRandomValues: crypto.getRandomValues.bind(crypto) })
  try {
    const bytes = new Uint8Array(8193)
    expect(await portable.hashBody(portable.sha256, bytes, 'hex')).toBe(
      createHash('sha256').update(bytes).digest('hex'),
    )
  } finally {
    vi.unstubAllGlobals()
  }
})

describe('encodings', () => {
  test('hex and base64', () =>
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 20_000, size: 'max' }), (bytes) => {
        expect(node.toHex(bytes)).toBe(Buffer.from(bytes).toString('hex'))
        expect(node.toBase64(bytes)).toBe(Buffer.from(bytes).toString('base64'))
        expect(node.fromBase64(node.toBase64(bytes))).toEqual(bytes)
      }),
      { numRuns: 50 },
    ))

  test('base64 of any length', () => {
    expect(node.fromBase64('')).toEqual(new Uint8Array())
    expect(node.fromBase64('A'.repeat(40_000_000))?.length).toBe(30_000_000)
    expect(node.fromBase64(`${'A'.repeat(8_000_000)}!AA=`)).toBeUndefined()
  })

  test.each([
    'a',
    'ab=',
    'YQ',
    'YQ=',
    'Y Q=',
    '!!!!',
    'YQ==YQ==',
    '=',
    '====',
    'A===',
    'Y=Q=',
    'YQ==\n',
    'YQA=YQ==',
  ])('%s is no base64', (text) => expect(node.fromBase64(text)).toBeUndefined())

  test('percent-encoding leaves the unreserved characters of RFC 3986 and nothing else', () =>
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        if (!text.isWellFormed()) return expect(() => node.encodeRfc3986(text)).toThrow(EzError)
        const encoded = node.encodeRfc3986(text)
        expect(encoded).toMatch(/^(?:[A-Za-z0-9\-._~]|%[0-9A-F]{2})*$/)
        expect(decodeURIComponent(encoded)).toBe(text)
      }),
    ))
})

test('nonces are letters and digits, each as likely, and never the same', () => {
  const counts = new Map<string, number>()
  const seen = new Set<string>()
  for (let index = 0; index < 5000; index += 1) {
    const nonce = node.randomAlphanumeric(32)
    expect(nonce).toMatch(/^[A-Za-z0-9]{32}$/)
    seen.add(nonce)
    for (const character of nonce) counts.set(character, (counts.get(character) ?? 0) + 1)
  }
  expect(seen.size).toBe(5000)
  expect(counts.size).toBe(62)
  // 160,000 characters, 2,581 of each: eight standard deviations are 403, which chance never comes to. Eight characters
  // that came five times where others come four, as the remainders of a byte would, are off by 540.
  for (const count of counts.values()) expect(Math.abs(count - 2581)).toBeLessThan(403)
})

test.each([0, 1, 4096, 4097, 20_000])('a nonce of %i characters', (length) => {
  expect(node.randomAlphanumeric(length)).toMatch(new RegExp(`^[A-Za-z0-9]{${length}}$`))
})

test.each([-1, Number.NaN, Number.POSITIVE_INFINITY, 1.5])('no nonce has %d characters', (length) => {
  expect(() => node.randomAlphanumeric(length)).toThrow(
    expect.objectContaining({ code: 'EZ_OPTION_INVALID' }),
  )
})

test('equality in constant time is equality', () =>
  fc.assert(
    fc.property(fc.string(), fc.string(), (left, right) => {
      expect(node.equalInConstantTime(left, right)).toBe(left === right)
      expect(node.equalInConstantTime(left, left)).toBe(true)
    }),
  ))
