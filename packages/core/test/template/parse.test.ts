import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { EzError } from '../../src/index.ts'
import { parseTemplate } from '../../src/template/parse.ts'

const names = (text: string): unknown[] =>
  parseTemplate(text, 'text').map((part) =>
    typeof part === 'string'
      ? part
      : [part.kind, ...part.path, ...part.filters.map(({ name, argument }) => `${name}=${String(argument)}`)],
  )

describe('parseTemplate', () => {
  test.each<[string, unknown[]]>([
    ['plain', ['plain']],
    ['', ['']],
    ['{{a}}', [['variable', 'a']]],
    ['{{ a }}', [['variable', 'a']]],
    ['{%a%}', [['runtime', 'a']]],
    ['x{{a.b[0]["c d"].e}}y', ['x', ['variable', 'a', 'b', '0', 'c d', 'e'], 'y']],
    ["{{a['b']}}", [['variable', 'a', 'b']]],
    ['{{größe_1-x}}', [['variable', 'größe_1-x']]],
    ['\\{{a}} and \\{%b%}', ['{{a}} and {%b%}']],
    ['\\{{{a}}} and \\{{{{a}}', ['{{{a}}} and {{', ['variable', 'a']]],
    ['{{{a}}}', ['{', ['variable', 'a'], '}']],
    ['{"a":{{b}}}', ['{"a":', ['variable', 'b'], '}']],
    ['{{a | default("x y")}}', [['variable', 'a', 'default=x y']]],
    ["{{a|default('it\\'s')|url}}", [['variable', 'a', "default=it's", 'url=undefined']]],
    ['{{a | default(7) | json}}', [['variable', 'a', 'default=7', 'json=undefined']]],
    ['{{a | default(-9007199254740993)}}', [['variable', 'a', 'default=-9007199254740993']]],
    ['{{a | default(null)}}', [['variable', 'a', 'default=null']]],
    ['{ {a} } % {a%}', ['{ {a} } % {a%}']],
    [
      '{{a}}{%b%}',
      [
        ['variable', 'a'],
        ['runtime', 'b'],
      ],
    ],
  ])('%s', (text, parts) => expect(names(text)).toEqual(parts))

  test.each([
    '{{',
    '{{}}',
    '{{ 1+1 }}',
    '{{a',
    '{{a}',
    '{% %}',
    '{{a b}}',
    '{{a | upper}}',
    '{{a | json("x")}}',
    '{{a | default}}',
    '{{a | default(x)}}',
    '{{a..b}}',
    '{{a[}}',
    '{{a%}',
    `{{a${'|json'.repeat(11)}}}`,
  ])('%s is refused, with its place', (text) =>
    expect(() => parseTemplate(text, 'headers.x')).toThrow(/^headers\.x: at character 1, /),
  )

  test('takes linear time for a million braces', () => {
    for (const text of [
      '{'.repeat(1_000_000),
      '{{a}} '.repeat(160_000),
      '}'.repeat(1_000_000),
      '\\{{'.repeat(300_000),
      '{ '.repeat(500_000),
    ]) {
      try {
        parseTemplate(text, 'text')
      } catch (error) {
        expect(EzError.isInstance(error)).toBe(true)
      }
    }
  })

  test('parses a text once', () => {
    expect(parseTemplate('once {{a}}', 'text')).toBe(parseTemplate('once {{a}}', 'another'))
  })

  test('throws nothing but EzError, whatever the text', () => {
    const pieces = fc.constantFrom(
      '{{',
      '}}',
      '{%',
      '%}',
      '\\',
      '{',
      '}',
      'a',
      '.',
      '[',
      ']',
      '0',
      '|',
      ' default("x")',
      '"',
      '(',
      ')',
      ' ',
      'ü',
    )
    fc.assert(
      fc.property(
        fc.array(pieces, { maxLength: 30 }).map((parts) => parts.join('')),
        (text) => {
          try {
            const literal = parseTemplate(text, 'text')
              .filter((part) => typeof part === 'string')
              .join('')
            expect(literal.length).toBeLessThanOrEqual(text.length)
          } catch (error) {
            expect(EzError.isInstance(error)).toBe(true)
          }
        },
      ),
      { numRuns: 5000 },
    )
  })
})
