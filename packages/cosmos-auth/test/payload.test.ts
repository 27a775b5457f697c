import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatHttpDate } from '../src/date.ts'
import { createPayload, generalPayload } from '../src/payload.ts'

const date = formatHttpDate(new Date('2026-01-15T12:36:00Z'))
const account = 'https://account.documents.azure.com'

function outcome(create: () => ReturnType<typeof createPayload>): unknown {
  try {
    const { text, signed } = create()
    return { text, signed: typeof signed === 'string' ? signed : new TextDecoder().decode(signed) }
  } catch (error) {
    return (error as { code?: string }).code
  }
}

describe('the payload in one pass over the URL', () => {
  it('is that of the general way for any path', () => {
    const segment = fc.oneof(
      fc.constantFrom(
        'dbs',
        'colls',
        'docs',
        'operations',
        'offers',
        'DPZtAA==',
        'DPZtAKyOj5g=',
        'a%20b',
        'ü',
        '',
      ),
      fc.string({ unit: fc.constantFrom(...'abcXYZ019-_.~=+%?#/é☃'), maxLength: 12 }),
    )
    const paths = fc.array(segment, { maxLength: 9 }).map((segments) => `/${segments.join('/')}`)
    const under = fc.constantFrom('', '/dbs', '/dbs/D/colls/C/docs')
    let plain = 0
    fc.assert(
      fc.property(fc.constantFrom('GET', 'POST', 'delete'), under, paths, (method, prefix, path) => {
        const url = account + prefix + path
        const expected = outcome(() => generalPayload(method, url, date))
        expect(outcome(() => createPayload(method, url, date))).toEqual(expected)
        if (typeof expected === 'object' && createPayload(method, url, date).signed instanceof Uint8Array)
          plain += 1
      }),
      { numRuns: 3000 },
    )
    expect(plain).toBeGreaterThan(100)
  })

  it.each([
    '',
    '?x=/dbs/D',
    '#/dbs/D',
    '/?x=/dbs/D',
    '/dbs/D?x',
    '/dbs/D#x/y',
    ...[100, 200, 400, 450, 460, 470, 2000].flatMap((length) => [
      `/dbs/${'d'.repeat(length)}`,
      `/dbs/D/${'t'.repeat(length)}`,
      `/dbs/D/${'t'.repeat(length / 2)}/${'d'.repeat(length / 2)}`,
    ]),
  ])('is that of the general way for %s', (rest) => {
    const url = account + rest
    for (const method of ['GET', 'X'.repeat(100), '☃'.repeat(350), 'X'.repeat(3000)])
      expect(outcome(() => createPayload(method, url, date))).toEqual(
        outcome(() => generalPayload(method, url, date)),
      )
  })

  it('does not mix up requests in a row', () => {
    const texts = ['/dbs/D', '/dbs/D/colls', '/dbs/E', '/dbs/longer/colls/x', '/dbs/D'].map((path) =>
      outcome(() => createPayload('GET', account + path, date)),
    )
    expect(texts.map((one) => (one as { signed: string }).signed.split('\n').slice(1, 3))).toEqual([
      ['dbs', 'dbs/D'],
      ['colls', 'dbs/D'],
      ['dbs', 'dbs/E'],
      ['colls', 'dbs/longer/colls/x'],
      ['dbs', 'dbs/D'],
    ])
  })
})
