import { createCipheriv, createHash, createHmac, pbkdf2Sync } from 'node:crypto'
import { reveal, type Secret, secret } from '@ez/core'
import { describe, expect, test } from 'vitest'
import { computed, run } from './support/postman.ts'

const hmac = (name: string, encoding: 'hex' | 'base64'): string =>
  createHmac(name, 'secret').update('data').digest(encoding)
/** AES-128-CBC with the key as initialisation vector, in base64. */
function aes(text: string, key: string): string {
  const cipher = createCipheriv('aes-128-cbc', key, key)
  return cipher.update(text, 'utf8', 'base64') + cipher.final('base64')
}
const digest = (name: string): string => createHash(name).update('data').digest('hex')

describe('crypto-js gives what node:crypto gives', () => {
  test.each<[string, string]>([
    ['CryptoJS.HmacSHA256("data", pm.environment.get("key")).toString()', hmac('sha256', 'hex')],
    ['CryptoJS.HmacSHA256("data", "secret").toString(CryptoJS.enc.Base64)', hmac('sha256', 'base64')],
    ['CryptoJS.enc.Base64.stringify(CryptoJS.HmacSHA1("data", "secret"))', hmac('sha1', 'base64')],
    ['CryptoJS.HmacSHA512("data", "secret").toString(CryptoJS.enc.Hex)', hmac('sha512', 'hex')],
    ['CryptoJS.HmacSHA384("data", "secret").toString()', hmac('sha384', 'hex')],
    ['CryptoJS.HmacMD5("data", "secret").toString()', hmac('md5', 'hex')],
    ['CryptoJS.SHA256("data").toString()', digest('sha256')],
    ['CryptoJS.SHA1("data").toString()', digest('sha1')],
    ['CryptoJS.MD5("data") + ""', digest('md5')],
    ['CryptoJS.SHA512(CryptoJS.enc.Utf8.parse("data")).toString()', digest('sha512')],
    ['require("crypto-js").SHA256("data").toString()', digest('sha256')],
    ['require("crypto-js/hmac-sha256")("data", "secret").toString()', hmac('sha256', 'hex')],
    [
      '(() => { const h = CryptoJS.algo.HMAC.create(CryptoJS.algo.SHA256, "secret"); h.update("da"); h.update("ta"); return h.finalize().toString() })()',
      hmac('sha256', 'hex'),
    ],
    // crypto-js 3.3, which Postman ships: one round of SHA-1.
    ['CryptoJS.PBKDF2("pass", "salt").toString()', pbkdf2Sync('pass', 'salt', 1, 16, 'sha1').toString('hex')],
    [
      'CryptoJS.AES.encrypt("text", CryptoJS.enc.Utf8.parse("0123456789abcdef"), { iv: CryptoJS.enc.Utf8.parse("0123456789abcdef"), mode: CryptoJS.mode.CBC, padding: CryptoJS.pad.Pkcs7 }).toString()',
      aes('text', '0123456789abcdef'),
    ],
    [
      'CryptoJS.AES.decrypt(CryptoJS.AES.encrypt("x", "pw").toString(), "pw").toString(CryptoJS.enc.Utf8)',
      'x',
    ],
    ['CryptoJS.lib.WordArray.random(8).concat(CryptoJS.enc.Hex.parse("00")).sigBytes + ""', '9'],
    ['btoa(atob("YWI="))', 'YWI='],
  ])('%s', async (expression, expected) => {
    expect(await computed(expression)).toBe(expected)
  })

  test.each([
    'CryptoJS.HmacSHA256(undefined, "k")',
    'CryptoJS.HmacSHA256("a", pm.environment.get("nope"))',
    'CryptoJS.SHA256(null)',
  ])('a digest of nothing is refused: %s', async (expression) => {
    await expect(computed(`${expression}.toString()`)).rejects.toMatchObject({ code: 'EZ_SCRIPT_VALUE' })
  })
})

describe('scopes', () => {
  test.each<[string, unknown]>([
    ['pm.environment.get("key")', 'secret'],
    ['pm.variables.get("key")', 'secret'],
    ['pm.variables.get("g")', 'global'],
    ['String(pm.environment.get("nope"))', 'undefined'],
    ['[pm.environment.has("g"), pm.variables.has("g"), pm.globals.has("key")]', [false, true, true]],
    [
      '(() => { const n = "k"; pm.environment.set(n, "1"); pm.environment.unset(n); return pm.environment.has(n) })()',
      false,
    ],
    ['pm.variables.toObject()', { key: 'secret', v: '1', g: 'global' }],
    ['pm.variables.replaceIn("{{key}}/{{g}}/{{nope}}")', 'secret/global/{{nope}}'],
    ['pm.variables.replaceIn("{{$timestamp}}")', '1767323045'],
    ['pm.variables.replaceIn("{{$guid}}").length', 36],
    ['pm.environment.name', 'staging'],
    ['environment.key + environment["v"] + globals["g"]', 'secret1global'],
    ['postman.getEnvironmentVariable("key") + postman.getGlobalVariable("g")', 'secretglobal'],
    ['pm.environment.values.get("key")', 'secret'],
  ])('%s', async (expression, expected) => {
    expect(await computed(expression, { attempt: { environmentName: 'staging' } })).toEqual(expected)
  })

  test('what is set is told in order, literal', async () => {
    const { changes } = await run(
      "postman.setEnvironmentVariable('a', '{{b}}'); pm.globals.set('c', 2); pm.collectionVariables.set('d', { e: [1] }); postman.clearEnvironmentVariable('v')",
    )
    expect(changes).toEqual([
      { scope: 'environment', name: 'a', value: '{{b}}' },
      { scope: 'globals', name: 'c', value: 2 },
      { scope: 'collectionVariables', name: 'd', value: { e: [1] } },
      { scope: 'environment', name: 'v' },
    ])
  })

  test.each([
    "pm.environment.set('a', undefined)",
    "pm.globals.set('a', () => 1)",
    "pm.variables.set('a', 0 / 0)",
  ])('%s is refused', async (source) => {
    await expect(run(source)).rejects.toMatchObject({ code: 'EZ_SCRIPT_VALUE' })
  })

  test('a secret stays one, and one that scripts may not read can be placed', async () => {
    const scopes = {
      environment: {
        key: secret('s3cret-value'),
        hidden: secret('h1dden-value', { allowedInScript: false }),
      },
    }
    const { changes, log } = await run(
      "console.log(pm.environment.get('key')); pm.variables.set('auth', 'Bearer ' + pm.environment.get('hidden'))",
      { attempt: { scopes } },
    )
    expect(log).toEqual(['***'])
    expect(JSON.stringify(changes)).not.toContain('h1dden')
    expect(reveal(changes[0]?.value as Secret)).toBe('Bearer h1dden-value')
  })
})

describe('scripts run as in Postman', () => {
  test('in order, each with names of its own, and they see what was set before', async () => {
    const { changes } = await run([
      "const ts = 'a'; implicit = 'b'; this.own = 'c'; pm.globals.set('first', ts)",
      "const ts = pm.globals.get('first'); if (ts) { pm.variables.set('second', ts + implicit + own); return }\nthrow 1",
      "pm.variables.set('third', await Promise.resolve(pm.variables.get('second')))",
    ])
    expect(changes.map(({ value }) => value)).toEqual(['a', 'abc', 'abc'])
  })

  test('lodash, moment, uuid', async () => {
    expect(
      await computed(
        "_.map([1, 2], (n) => n * 2).join() + moment().utc().format('YYYY-MM-DD') + require('uuid').v4().length",
      ),
    ).toBe('2,42026-01-0236')
  })

  test('pm.test and console', async () => {
    const { tests, log } = await run(
      "pm.test('good', () => {}); pm.test('bad', () => { throw new Error('no') }); console.log('a', { b: 1 })",
    )
    expect(tests).toEqual([
      { name: 'good', passed: true },
      { name: 'bad', passed: false, error: 'Error: no' },
    ])
    expect(log).toEqual(['a {"b":1}'])
  })

  test.each<[string, string, RegExp]>([
    ["\n\nthrow new Error('boo')", 'EZ_SCRIPT_FAILED', /script-0\.js: line 3: Error: boo/],
    ["(async () => { throw new Error('lost') })()", 'EZ_SCRIPT_FAILED', /lost/],
    ["pm.cookies.get('a')", 'EZ_SCRIPT_VALUE', /pm\.cookies: this is not there/],
    ["pm.vault.get('a')", 'EZ_SCRIPT_VALUE', /pm\.vault/],
    ["pm.require('npm:x')", 'EZ_SCRIPT_VALUE', /pm\.require/],
    ["postman.setNextRequest('x')", 'EZ_SCRIPT_VALUE', /setNextRequest/],
    ['crypto.subtle.digest', 'EZ_SCRIPT_VALUE', /crypto\.subtle/],
    ["require('fs')", 'EZ_SCRIPT_VALUE', /require\('fs'\): this library is not there/],
    ["require('crypto-js/../../x')", 'EZ_SCRIPT_VALUE', /require/],
    ["pm.variables.replaceIn('{{$randomCity}}')", 'EZ_SCRIPT_VALUE', /\$randomCity/],
    ["pm.sendRequest('https://b.example/')", 'EZ_SCRIPT_VALUE', /allow\.hosts/],
    ['Buffer.from("a")', 'EZ_SCRIPT_FAILED', /Buffer/],
  ])('%s fails', async (source, code, message) => {
    await expect(run(source)).rejects.toMatchObject({ code, message: expect.stringMatching(message) })
  })
})
