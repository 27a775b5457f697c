import fc from 'fast-check'
import { expect, test } from 'vitest'
import { EzError, prepare } from '../src/index.ts'
import { bodyText, clock } from './support/support.ts'

const piece = fc.oneof(
  fc.constantFrom(
    '{{a}}',
    '{{ b.c }}',
    '{{list[0]}}',
    '{{big}}',
    '{%today%}',
    '{%nonce%}',
    '{{x | default("d")}}',
    '{{a|url}}',
    '{{a|base64}}',
  ),
  fc.constantFrom(
    '{{',
    '}}',
    '{%',
    '%}',
    '\\{{',
    '{',
    '%',
    '&',
    '=',
    '?',
    '#',
    '/',
    '..',
    ':',
    '@',
    '"',
    '\n',
  ),
  fc.string({ maxLength: 5 }),
)
const text = fc.array(piece, { maxLength: 8 }).map((parts) => parts.join(''))

test('whatever the template: a sendable request or a coded error, and a length that is bounded', async () => {
  const variables = { a: 'value', b: { c: '{{a}}' }, list: ['{{b.c}}', 2], big: 'x'.repeat(1000) }
  let prepared = 0
  await fc.assert(
    fc.asyncProperty(text, text, text, text, fc.boolean(), async (url, query, header, body, json) => {
      const template = {
        method: 'POST',
        url: `https://api.example.com/${url}`,
        query: { [query]: query },
        headers: { 'x-a': header },
        body: json ? { json: { [body]: [body, { deep: body }] } } : { text: body },
      }
      try {
        const result = await prepare(template, { variables, clock })
        prepared += 1
        expect(new URL(result.url).href).toBe(result.url)
        expect(new URL(result.url).host).toBe('api.example.com')
        // Eight pieces a text, none longer than a thousand characters of at most twelve bytes; a body repeats it three times.
        expect(result.url.length + bodyText(result).length).toBeLessThan(6 * 8 * 12_000)
        if (json) JSON.parse(bodyText(result))
      } catch (error) {
        if (!EzError.isInstance(error)) throw error
        expect(error.code).not.toBe('EZ_PREPARE_FAILED')
      }
    }),
    { numRuns: 3000 },
  )
  expect(prepared).toBeGreaterThan(50)
})

test('a variable that doubles at every level ends in an error or in bounded time', async () => {
  const variables: Record<string, string> = { v0: 'x' }
  for (let level = 1; level <= 40; level += 1) variables[`v${level}`] = `{{v${level - 1}}}{{v${level - 1}}}`
  const outcome = await prepare(
    { method: 'POST', url: 'https://api.example.com/', body: { text: '{{v40}}' } },
    { variables },
  ).catch((error: EzError) => error.code)
  expect(outcome).toBe('EZ_VARIABLE_TOO_LARGE')
})
