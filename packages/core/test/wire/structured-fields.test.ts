import fc from 'fast-check'
import * as oracle from 'structured-headers'
import { describe, expect, it } from 'vitest'
import {
  type BareItem,
  type Member,
  parseDictionary,
  parseItem,
  parseList,
  serializeDictionary,
  serializeItem,
  serializeList,
} from '../../src/structured-fields.ts'

/** A bare item of the oracle as ours; it writes decimals without a fraction as integers, so numbers are compared by value. */
function plain(value: oracle.BareItem): unknown {
  if (value instanceof ArrayBuffer) return { bytes: Buffer.from(value).toString('hex') }
  if (value instanceof oracle.Token) return { token: value.toString() }
  if (value instanceof oracle.DisplayString) return { display: value.toString() }
  if (value instanceof Date) return { date: value.getTime() / 1000 }
  return typeof value === 'number' ? value || 0 : value
}

function ours(item: BareItem): unknown {
  if (item.type === 'byte-sequence') return { bytes: Buffer.from(item.value).toString('hex') }
  if (item.type === 'token') return { token: item.value }
  if (item.type === 'display-string') return { display: item.value }
  return item.type === 'date' ? { date: item.value } : item.value
}

function plainMember([value, parameters]: oracle.Item | oracle.InnerList): unknown {
  const shown = Array.isArray(value) ? value.map(plainMember) : plain(value)
  return [shown, [...parameters].map(([key, one]) => [key, plain(one)])]
}

function ourMember(member: Member): unknown {
  const shown = 'items' in member ? member.items.map(ourMember) : ours(member.value)
  return [shown, [...member.parameters].map(([key, one]) => [key, ours(one)])]
}

function attempt<Value>(read: () => Value): { value: Value } | undefined {
  try {
    return { value: read() }
  } catch {
    return undefined
  }
}

const bareItem = fc.oneof(
  fc.integer({ min: -999_999_999_999_999, max: 999_999_999_999_999 }).map(String),
  fc.constantFrom('0', '-0', '-1', '1.0', '1.5', '-3.125', '0.001', '999999999999.999', '1.', '.5', '1.2345'),
  fc.constantFrom('1000000000000000', '1234567890123.1', '00012', '-', '--1'),
  fc
    .string({ unit: fc.constantFrom('a', ' ', '"', '\\', '\\"', '\\\\', 'é', '\t') })
    .map((text) => `"${text}"`),
  fc.constantFrom('tok', '*a', 'a/b:c', 'A!#$%&', '1a', 'ä'),
  fc.base64String().map((text) => `:${text}:`),
  fc.constantFrom(':YQ:', ':YQ=:', ':Y*:', ':', '::', '?0', '?1', '?', '?2'),
  fc.constantFrom('%"a%c3%bc"', '%"a%C3%BC"', '%"%ff"', '%"', '%a', '%"x"'),
)
const space = fc.constantFrom('', '', '', ' ', '  ', '\t')
const parameters = fc
  .array(fc.tuple(space, fc.constantFrom('a', 'b', '*x', 'q-1', 'A', ''), fc.option(bareItem)), {
    maxLength: 3,
  })
  .map((list) =>
    list.map(([gap, key, value]) => `;${gap}${key}${value === null ? '' : `=${value}`}`).join(''),
  )
const item = fc.tuple(bareItem, parameters).map((parts) => parts.join(''))
const innerList = fc
  .tuple(fc.array(fc.tuple(space, item), { maxLength: 3 }), space, parameters)
  .map(([items, end, more]) => `(${items.map((parts) => parts.join('')).join(' ')}${end})${more}`)
const member = fc.oneof(item, innerList)
const list = fc.array(fc.tuple(member, space, space), { maxLength: 4 }).map((members) =>
  members
    .map(([text, before, after]) => `${text}${before},${after}`)
    .join('')
    .replace(/,[ \t]*$/, ''),
)
const dictionary = fc
  .array(fc.tuple(fc.constantFrom('a', 'b', 'sig1', '*', 'A'), fc.option(member), parameters, space), {
    maxLength: 4,
  })
  .map((members) =>
    members
      .map(([key, text, more, gap]) => `${key}${text === null ? more : `=${text}`}${gap}`)
      .join(', ')
      .trimEnd(),
  )

describe('structured fields are read as structured-headers reads them', () => {
  const same = (text: string, read: () => unknown, theirs: () => unknown): void => {
    const [mine, other] = [attempt(read), attempt(theirs)]
    expect(mine === undefined ? 'refused' : mine.value, text).toEqual(
      other === undefined ? 'refused' : other.value,
    )
  }

  it('items', () =>
    fc.assert(
      fc.property(item, (text) =>
        same(
          text,
          () => ourMember(parseItem(text)),
          () => plainMember(oracle.parseItem(text)),
        ),
      ),
      { numRuns: 2000 },
    ))

  it('lists', () =>
    fc.assert(
      fc.property(list, (text) =>
        same(
          text,
          () => parseList(text).map(ourMember),
          () => oracle.parseList(text).map(plainMember),
        ),
      ),
      { numRuns: 2000 },
    ))

  it('dictionaries', () =>
    fc.assert(
      fc.property(dictionary, (text) =>
        same(
          text,
          () => [...parseDictionary(text)].map(([key, one]) => [key, ourMember(one)]),
          () => [...oracle.parseDictionary(text)].map(([key, one]) => [key, plainMember(one)]),
        ),
      ),
      { numRuns: 2000 },
    ))
})

// structured-headers 2.1.0 refuses a date with anything behind it: RFC 9651 sections 3.3.7 and 4.2.9.
it('reads dates wherever an item may stand', () => {
  const date = (value: number): BareItem => ({ type: 'date', value })
  expect(parseItem('@1659578233').value).toEqual(date(1_659_578_233))
  expect(oracle.parseItem('@1659578233')[0]).toEqual(new Date(1_659_578_233_000))
  expect(parseItem('@-1;a=@2').parameters.get('a')).toEqual(date(2))
  expect(parseList('(@1 @2), @3').map(ourMember)).toEqual([
    [
      [
        [{ date: 1 }, []],
        [{ date: 2 }, []],
      ],
      [],
    ],
    [{ date: 3 }, []],
  ])
  for (const text of ['@', '@1.5', '@a', '@--1'])
    expect(() => parseItem(text)).toThrow(expect.objectContaining({ code: 'EZ_HEADER_INVALID' }))
})

describe('what is written', () => {
  it('is read as it was, for every text that can be read', () =>
    fc.assert(
      fc.property(list, dictionary, (one, other) => {
        const members = attempt(() => parseList(one))?.value
        if (members) expect(parseList(serializeList(members))).toEqual(members)
        const entries = attempt(() => parseDictionary(other))?.value
        if (entries) expect([...parseDictionary(serializeDictionary(entries))]).toEqual([...entries])
      }),
      { numRuns: 2000 },
    ))

  // RFC 9651 section 4.1.
  it.each([
    ['1.0', '1.0'],
    ['1.50', '1.5'],
    ['-0.25', '-0.25'],
    ['a ; q=1;b', 'a;q=1;b'],
    ['"a\\"b\\\\"', '"a\\"b\\\\"'],
    [':YQ:', ':YQ==:'],
    ['@1700000000', '@1700000000'],
    ['%"a%c3%bc%25"', '%"a%c3%bc%25"'],
    ['?1;a=?1;b=?0', '?1;a;b=?0'],
  ])('%s becomes %s', (text, written) => {
    expect(serializeItem(parseItem(text.replace(' ;', ';')))).toBe(written)
  })

  it.each<[string, BareItem]>([
    ['an integer of 16 digits', { type: 'integer', value: 1e15 }],
    ['an integer with a fraction', { type: 'integer', value: 1.5 }],
    ['a decimal without end', { type: 'decimal', value: Number.POSITIVE_INFINITY }],
    ['a string beyond ASCII', { type: 'string', value: 'ü' }],
    ['a token with a space', { type: 'token', value: 'a b' }],
  ])('%s is refused', (_, value) => {
    expect(() => serializeItem({ value, parameters: new Map() })).toThrow(
      expect.objectContaining({ code: 'EZ_HEADER_INVALID' }),
    )
  })

  it('rounds decimals half to even (section 4.1.5)', () => {
    const written = (value: number): string =>
      serializeItem({ value: { type: 'decimal', value }, parameters: new Map() })
    expect([0.0625, 0.1875, 1, -2.5, 0.0001].map(written)).toEqual(['0.062', '0.188', '1.0', '-2.5', '0.0'])
  })
})

it('refuses keys and parameters that stand twice when it is asked to', () => {
  const strict = { refuseDuplicates: true }
  expect(parseDictionary('a=1, a=2').size).toBe(1)
  for (const text of ['a=1, a=2', 'a;b;b', 'a=(x;y=1;y=2)'])
    expect(() => parseDictionary(text, strict)).toThrow(
      expect.objectContaining({ code: 'EZ_HEADER_INVALID' }),
    )
})

it('shows nothing of a text that it refuses', () => {
  expect(() => parseItem('"secret-of-the-test')).toThrow(
    expect.objectContaining({ message: expect.not.stringContaining('secret') }),
  )
})
