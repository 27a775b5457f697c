import { createHash, pbkdf2Sync } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { runtimeFolder } from '../src/launch.ts'
import { errorOf, pool, resultOf } from './support/prepare.ts'

afterAll(() => pool.close())

/** What a script finds for each of some values, by one run. */
async function each(prelude: string, expression: string, values: readonly unknown[]): Promise<unknown[]> {
  const source = `import json\n${prelude}\nresult = json.dumps([${expression} for value in {{values}}])`
  return JSON.parse((await resultOf(source, {}, { parameters: { values } })) as string) as unknown[]
}

describe('strftime', () => {
  test('writes the placeholders that the C library knows, with their flags', async () => {
    const formats = {
      '%a %A %b %B %d %e %j %m %y %Y': 'Wed Wednesday Jul July 08  8 189 07 26 2026',
      '%H %I %M %S %f %p %z %Z': '09 09 04 05 000678 AM +0000 UTC',
      '%-d %_d %-I %_H %% %F %T %R %D %G-W%V-%u': '8  8 9  9 % 2026-07-08 09:04:05 09:04 07/08/26 2026-W28-3',
      'é%Yé%n%t': 'é2026é\n\t',
    }
    const prelude =
      'from datetime import datetime, timezone\nmoment = datetime(2026, 7, 8, 9, 4, 5, 678, timezone.utc)'
    expect(await each(prelude, 'moment.strftime(value)', Object.keys(formats))).toEqual(
      Object.values(formats),
    )
  })

  test('refuses what would be written as nothing, whatever the placeholder', async () => {
    const printable = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index))
    const placeholders = ['', '-', '_', '0', '#', '^', '+', 'E', 'O', '5', ':', '-5', 'é'].flatMap((flag) =>
      printable.map((letter) => `%${flag}${letter}`),
    )
    const prelude = `
import time
from datetime import datetime, timezone
def written(placeholder):
    found = []
    for write in (datetime(2026, 7, 8, tzinfo=timezone.utc).strftime, lambda text: time.strftime(text, (2026, 7, 8, 9, 4, 5, 2, 189, 0))):
        try:
            text = write(f'<{placeholder}>')
            found.append(text[:1] + text[-1:])
        except ValueError as error:
            found.append('refused' if placeholder[:2] in str(error) else 'refused without a reason')
    return found`
    const outcomes = (await each(prelude, 'written(value)', placeholders)) as string[][]
    expect(new Set(outcomes.flat())).toEqual(new Set(['<>', 'refused']))
    const letters = Object.fromEntries(placeholders.map((name, index) => [name, outcomes[index]?.[0]]))
    expect(['%P', '%k', '%l', '%N', '%L', '%Y'].map((name) => letters[name])).toEqual([
      ...Array.from({ length: 5 }, () => 'refused'),
      '<>',
    ])
  })

  test('names the line and the cure', async () => {
    const source = "from datetime import datetime\nresult = f'{datetime.now():%I:%M %P}'"
    expect(await errorOf(source)).toMatchObject({
      code: 'EZ_SCRIPT_FAILED',
      message: expect.stringMatching(/%P is not known here.*strftime\('%p'\)\.lower\(\)[\s\S]*line 2/),
    })
  })
})

describe('hashlib', () => {
  // RFC 6070 section 2; the one of 16,777,216 rounds takes too long.
  test.each<[string, string, number, number, string]>([
    ['password', 'salt', 1, 20, '0c60c80f961f0e71f3a9b524af6012062fe037a6'],
    ['password', 'salt', 2, 20, 'ea6c014dc72d6f8ccd1ed92ace1d41f0d8de8957'],
    ['password', 'salt', 4096, 20, '4b007901b765489abead49d926f721d065a429c1'],
    [
      'passwordPASSWORDpassword',
      'saltSALTsaltSALTsaltSALTsaltSALTsalt',
      4096,
      25,
      '3d2eec4fe41c849b80c8d83662c0e44a8b291a964cf2f07038',
    ],
    ['pass\0word', 'sa\0lt', 4096, 16, '56fa6aa75548099dcc37d7f03425e0c3'],
  ])('pbkdf2_hmac gives the key of RFC 6070 for %s, %s, %i', async (password, salt, rounds, length, key) => {
    // One text, and so one interpreter, for all of them.
    const call = "hashlib.pbkdf2_hmac('sha1', value[0].encode(), value[1].encode(), value[2], value[3]).hex()"
    expect(await each('import hashlib', call, [[password, salt, rounds, length]])).toEqual([key])
  })

  // RFC 7914 section 12; the last one needs a gigabyte.
  test('scrypt gives the keys of RFC 7914', async () => {
    const prelude =
      'import hashlib\ndef key(password, salt, n, r, p): return hashlib.scrypt(password.encode(), salt=salt.encode(), n=n, r=r, p=p, dklen=64).hex()'
    const found = await each(prelude, 'key(*value)', [
      ['', '', 16, 1, 1],
      ['password', 'NaCl', 1024, 8, 16],
      ['pleaseletmein', 'SodiumChloride', 16384, 8, 1],
    ])
    expect(found).toEqual([
      '77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906',
      'fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b3731622eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640',
      '7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887',
    ])
  })

  test('pbkdf2_hmac takes every hash, by either spelling, and its own length', async () => {
    const names = ['md5', 'sha1', 'sha224', 'SHA256', 'sha384', 'sha512', 'sha3_256', 'sha3-512', 'blake2b']
    const found = await each(
      'import hashlib',
      "hashlib.pbkdf2_hmac(value, bytearray(b'key'), memoryview(b'salt'), 7).hex()",
      names,
    )
    const nodes = [
      'md5',
      'sha1',
      'sha224',
      'sha256',
      'sha384',
      'sha512',
      'sha3-256',
      'sha3-512',
      'blake2b512',
    ]
    expect(found).toEqual(
      nodes.map((name) => {
        const { length } = createHash(name).digest()
        return pbkdf2Sync('key', 'salt', 7, length, name).toString('hex')
      }),
    )
  })

  test.each([
    ["pbkdf2_hmac('ripemd160', b'', b'', 1)", 'unsupported hash type ripemd160'],
    ["pbkdf2_hmac('sha1', b'', b'', 0)", 'iteration value must be greater than 0'],
    ["pbkdf2_hmac('sha1', b'', b'', 1, 1 << 30)", 'key length must be between 1 and 1048576'],
    ["pbkdf2_hmac('sha1', 'text', b'', 1)", 'TypeError: memoryview'],
    ["scrypt(b'', salt=b'', n=3, r=8, p=1)", 'n must be a power of 2'],
    ["scrypt(b'', salt=b'', n=1 << 20, r=8, p=1)", 'memory limit exceeded'],
    ["scrypt(b'', salt=b'', n=1 << 20, r=8, p=1, maxmem=1 << 31)", 'memory limit exceeded'],
  ])('%s is refused', async (call, message) => {
    const error = await errorOf(
      'import hashlib\neval({{call}})',
      {},
      { parameters: { call: `hashlib.${call}` } },
    )
    expect(error).toMatchObject({ code: 'EZ_SCRIPT_FAILED', message: expect.stringContaining(message) })
  })
})

describe('zoneinfo', () => {
  test('gives the local time that ICU gives, in winter and summer', async () => {
    const zones = ['Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe', 'UTC']
    const moments = [Date.UTC(2024, 0, 15, 23, 30), Date.UTC(2024, 6, 15, 23, 30)]
    const pairs = zones.flatMap((zone) => moments.map((moment) => [zone, moment] as const))
    const prelude =
      "from datetime import datetime\nfrom zoneinfo import ZoneInfo\ndef local(zone, moment): return f'{datetime.fromtimestamp(moment / 1000, ZoneInfo(zone)):%Y-%m-%d %H:%M}'"
    const expected = pairs.map(([timeZone, moment]) =>
      new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' }).format(moment),
    )
    expect(await each(prelude, 'local(*value)', pairs)).toEqual(expected)
  })

  test('has all zones of the release, and refuses others', async () => {
    const source = `import zoneinfo\nresult = len(zoneinfo.available_timezones())\ntry:\n    zoneinfo.ZoneInfo('Mars/Base')\nexcept zoneinfo.ZoneInfoNotFoundError:\n    result += 10000`
    expect(Number(await resultOf(source))).toBeGreaterThan(10_400)
  })

  test('reads the release that PyPI publishes, byte for byte', () => {
    const wheels = readdirSync(runtimeFolder).filter((name) => name.endsWith('.whl'))
    expect(wheels).toEqual(['tzdata-2026.4-py2.py3-none-any.whl'])
    const digest = createHash('sha256').update(readFileSync(join(runtimeFolder, wheels[0] as string)))
    expect(digest.digest('hex')).toBe('c2169a8b0a7a5e9674da5a135ccdfb2b3e671b333ed9fed17b41f73c34476e81')
  })
})
