import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { parseSource, substitute } from '../src/source/substitute.ts'
import { pool, resultOf } from './support/prepare.ts'

afterAll(() => pool.close())

/** Evaluates Python expressions in the sandbox. */
async function evaluated(lines: readonly string[]): Promise<unknown[]> {
  const source =
    'import json\nclass Spec:\n  def __format__(self, spec):\n    return spec\nresult = json.dumps([eval(line) for line in {{lines}}])'
  return JSON.parse((await resultOf(source, {}, { parameters: { lines } })) as string) as unknown[]
}

function written(source: string, value: unknown): string {
  return substitute(parseSource(source), 'test', () => value).text
}

const before = 'a\\\\\\t'
const after = 'b"'.slice(0, 1)
// What evaluates to the token's text, between fixed texts.
const contexts: readonly string[] = [
  ...['', 'u', 'f', 'F'].flatMap((prefix) =>
    ["'", '"', "'''", '"""'].map((quote) => `${prefix}${quote}{{v}}${quote}`),
  ),
  ...['r', 'R', 'rf', 'fR'].flatMap((prefix) =>
    ["'", '"', "'''", '"""'].map((quote) => `${prefix}${quote}{{v}}${quote}`),
  ),
  ...['b', 'rb', 'Br'].flatMap((prefix) =>
    ["'", '"""'].map((quote) => `${prefix}${quote}{{v}}${quote}.decode('latin-1')`),
  ),
  "f'''{ {{v}} }'''",
  'f"{ {{v}} !s}"',
  "f'{ f'{ f'{{v}}' }' }'",
  "f'{Spec():{{v}}}'",
  "''.join(t'{{v}}'.strings)",
  '{{v}}',
  "({{v}}) # '{{ignored}}",
  'str({{v}}or"")',
  '"" {{v}} ""',
]

const nasty = fc.string({
  unit: fc.constantFrom(
    ...'\\\\\'\'""{}{}\n\r\0#N4afxuU01%[]()'.split(''),
    '\u2028',
    'é',
    '😀',
    '\ud800',
    '\udc00',
    '"""',
    "'''",
  ),
  maxLength: 12,
})
const anyText = fc.oneof(nasty, fc.string({ unit: 'binary', maxLength: 12 }), fc.string({ maxLength: 8 }))

describe('in every context, the running script holds exactly the value', () => {
  test.each(contexts)('%s', async (context) => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyText, { minLength: 60, maxLength: 60 }), async (values) => {
        const lines: string[] = []
        const held: string[] = []
        for (const value of values)
          try {
            lines.push(written(context, value))
            held.push(value)
          } catch (error) {
            expect(error).toMatchObject({ code: 'EZ_SCRIPT_VALUE' })
            expect(/^[a-zA-Z]*[rRbB]/.test(context)).toBe(true)
          }
        expect(await evaluated(lines)).toEqual(held)
      }),
      { numRuns: 3, endOnFailure: true },
    )
  })

  test('between other characters of the literal', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(nasty, { minLength: 100, maxLength: 100 }), async (values) => {
        const lines = values.map((value) =>
          written(`'${before}{{v}}${after}{{v}}\\1{{v}}\\x41{{v}}{x}\\{{v}}'`, value),
        )
        const expected = values.map((v) => `a\\\t${v}b${v}\x01${v}A${v}{x}{{v}}`)
        expect(await evaluated(lines)).toEqual(expected)
      }),
      { numRuns: 3, endOnFailure: true },
    )
  })

  test('a JSON value in code is the same value in Python', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.jsonValue({ maxDepth: 4, noUnicodeString: false }), { minLength: 50, maxLength: 50 }),
        async (values) => {
          expect(await evaluated(values.map((value) => written('{{v}}', value)))).toEqual(values)
        },
      ),
      { numRuns: 6, endOnFailure: true },
    )
  })
})

describe('no value becomes code', () => {
  const fragments = [
    ...[
      '{{v}}',
      '{{v}}',
      '{{v}}',
      "'",
      '"',
      "'''",
      '"""',
      "f'",
      'f"',
      "f'''",
      'rf"',
      "r'",
      "b'",
      "t'",
      'x',
      ' ',
      '\n',
      '#',
    ],
    ...[
      '{',
      '}',
      '{{',
      '}}',
      '(',
      ')',
      '[',
      ']',
      ':',
      '!r',
      '\\',
      '\\\\',
      '\\N{DASH}',
      '=',
      '+',
      ',',
      '1',
      '\\\n',
      'lambda:',
    ],
  ]
  const soup = fc
    .array(fc.constantFrom(...fragments), { minLength: 1, maxLength: 14 })
    .map((parts) => parts.join(''))
  const joined = (parts: readonly string[]): string => parts.join('')
  const { expression } = fc.letrec<{ expression: string; literal: string; part: string }>((tie) => ({
    literal: fc
      .tuple(
        fc.constantFrom('', 'f', 'f', 'rf', 'r', 'u', 't', 'Fr'),
        fc.constantFrom("'", '"', "'''", '"""'),
        fc.array(tie('part'), { maxLength: 4 }).map(joined),
      )
      .map(([prefix, quote, parts]) => `${prefix}${quote}${parts}${quote}`),
    part: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constantFrom(
        'a',
        '{{v}}',
        '{{v}}',
        '\\\\',
        '\\n',
        '{{',
        '}}',
        '#',
        '\\N{DASH}',
        '"',
        "'",
        '\\"',
        '{',
        '{x!r}',
      ),
      tie('expression').map((inner) => `{${inner}}`),
      tie('expression').map((inner) => `{${inner}:>{{v}}}`),
      tie('expression').map((inner) => `{ ${inner} !r:{${inner}}}`),
    ),
    expression: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constantFrom('{{v}}', 'x', '{{v}}'),
      tie('literal'),
      tie('literal'),
      tie('expression').map((inner) => `[${inner}]`),
      tie('expression').map((inner) => `{1: ${inner}}`),
      fc.tuple(tie('expression'), fc.constantFrom('+', ' ', ' or ', '#'), tie('expression')).map(joined),
    ),
  }))
  const snippet = fc.oneof(soup, expression, expression)
  const attacks = [
    "'+x+'",
    '"+x+"',
    '{x}',
    '}x{',
    "'''+x+'''",
    '"""+x+"""',
    '\nx\n',
    '\\',
    "\\'+x#",
    ')x(',
    '#',
    '{{x}}',
    '!r}',
  ]

  test('the syntax tree of a script is the same for every value', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(snippet, fc.constantFrom(...attacks)), { minLength: 800, maxLength: 800 }),
        async (cases) => {
          const pairs: string[][] = []
          for (const [source, attack] of cases)
            try {
              const pair = [written(source, 'plain'), written(source, attack)]
              if (pair[0] !== source) pairs.push([...pair, source])
            } catch (error) {
              expect(error).toMatchObject({ code: 'EZ_SCRIPT_VALUE' })
            }
          const report = JSON.parse(
            (await resultOf(treeReport, {}, { parameters: { pairs } })) as string,
          ) as {
            trees: number
            changed: unknown[]
          }
          expect(report.changed).toEqual([])
          expect(report.trees).toBeGreaterThan(50)
        },
      ),
      { numRuns: 5, endOnFailure: true },
    )
  })

  const treeReport = `
import ast, json, warnings
warnings.simplefilter('ignore')
def shape(source):
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError) as error:
        return None
    for node in ast.walk(tree):
        if isinstance(node, (ast.JoinedStr, ast.TemplateStr)):
            node.values = [value for value in node.values if not isinstance(value, ast.Constant)]
        if isinstance(node, ast.Interpolation):
            node.str = ''
        if isinstance(node, ast.Constant):
            node.value = type(node.value).__name__
    return ast.dump(tree)
changed, trees = [], 0
for plain, attack, source in {{pairs}}:
    first, second = shape(plain), shape(attack)
    trees += first is not None
    if first != second:
        changed.append([source, plain, attack])
result = json.dumps({'trees': trees, 'changed': changed[:3]})
`
})

describe('what is a token', () => {
  test.each([
    ['x = 1 # {{v}}', 'x = 1 # {{v}}'],
    ["x = '# {{v}}'", "x = '# \\x61b'"],
    ["x = {{'a': 1}, {}}", "x = {{'a': 1}, {}}"],
    ["f'{{{v}}}'", "f'{{{v}}}'"],
    ["f'{x:{{1}}}'", "f'{x:{{1}}}'"],
    ['\'{{ v | default("x") }}\'', "'\\x61b'"],
    ["'\\{{v}} \\{%v%}'", "'\\x7b\\x7bv\\x7d\\x7d \\x7b%v%\\x7d'"],
    ['return{{v}}', 'return "\\x61b"'],
    ['f{{v}}', 'f "\\x61b"'],
    ["'{%v%}T00:00:01'", "'\\x61bT00:00:01'"],
    ["'{% if v %}'", "'{% if v %}'"],
    ["x='''\n#{{v}}\n'''#{{v}}\n'{{v}}'", "x='''\n#\\x61b\n'''#{{v}}\n'\\x61b'"],
    ["'unterminated {{v}}\n{{v}}", '\'unterminated \\x61b\n"\\x61b"'],
  ])('%s', (source, expected) => {
    expect(written(source, 'ab')).toBe(expected)
  })
})

describe('values that Python source cannot hold', () => {
  test.each<[string, unknown, RegExp]>([
    ["r'{{v}}'", "it's", /line 1: \{\{v\}\}: a raw literal cannot hold the quote '/],
    ["\nr'{{v}}'", 'a\nb', /line 2: .* a line break/],
    ["r'{{v}}'", 'a\\', /a backslash at its end/],
    ["b'{{v}}'", 'é', /ASCII only/],
    ['{{v}}', Number.NaN, /NaN has no Python literal/],
    ['{{v}}', { deep: [new Map()] }, /a Map has no Python literal/],
    ['{{v}}', () => 1, /of type function/],
    ["'{{v}}'", Symbol('x'), /a symbol is no text/],
    ['{{v}}', 10n ** 4400n, /too long/],
  ])('%s', (source, value, message) => {
    expect(() => written(source, value)).toThrow(message)
  })

  test('a value that holds itself', () => {
    const value: unknown[] = []
    value.push(value)
    expect(() => written('{{v}}', value)).toThrow(/holds itself/)
  })
})

test('line numbers are the own ones, behind a value with line breaks', () => {
  const { text, ownLine } = substitute(parseSource("a\nr'''{{v}}'''\nb"), 'test', () => '1\n2\n3')
  expect(text.split('\n').map((_, index) => ownLine(index + 1))).toEqual([1, 2, 2, 2, 3])
})
