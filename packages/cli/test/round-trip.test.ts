import { type BodyTemplate, prepare, type RequestTemplate } from '@ez/core'
import { literal as literalText, type RequestValue, requestFileText, type SourceFile } from '@ez/request-file'
import { readCurl } from '@ez/request-file/curl'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { parse } from 'yaml'
import type { LoadedRequest } from '../src/files/request-file.ts'
import { templateOf } from '../src/files/template.ts'
import { Grants } from '../src/grants.ts'

const text = fc
  .string({ unit: 'grapheme', maxLength: 60 })
  .filter((value) => value.isWellFormed() && !value.includes('\0'))
const hostile = fc.oneof(
  text,
  fc.constantFrom(
    '{{a}}',
    '{{',
    '{',
    '{{{',
    '{%b%}',
    '\\{{',
    "'",
    '"',
    '$HOME',
    '`x`',
    '\\',
    '\r\n',
    '@file',
    '<f',
    '!!',
    '- a: b',
    '#',
    '&a *b',
    '%41',
    ': ',
  ),
)
const content = fc.array(hostile, { maxLength: 4 }).map((parts) => parts.join(''))
const header = fc.stringMatching(/^[\x21-\x7e](?:[\x20-\x7e]{0,30}[\x21-\x7e])?$/)
const body: fc.Arbitrary<BodyTemplate> = fc.oneof(
  content.map((value) => ({ json: { value, list: [value, 1, null] } })),
  content.filter((value) => value !== '').map((value) => ({ text: value })),
  fc.dictionary(fc.stringMatching(/^[a-z]{1,5}$/), content, { minKeys: 1 }).map((form) => ({ form })),
)

/** What a request is once it is prepared; no text in it is a token. */
async function sent(template: RequestTemplate): Promise<unknown> {
  const { method, url, headers, body: bytes } = await prepare(template, {})
  return {
    method,
    url,
    headers: [...headers].sort(),
    body: bytes === null ? null : Buffer.from(bytes as Uint8Array).toString(),
  }
}

// A text of the test stands for itself.
const literal = (value: unknown): unknown => {
  if (typeof value === 'string') return literalText(value)
  if (Array.isArray(value)) return value.map(literal)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, literal(item)]))
}

it('a text that was made literal is itself', async () => {
  const braces = fc
    .array(fc.constantFrom('{', '{{', '%', '\\', '}', 'a'), { maxLength: 12 })
    .map((parts) => parts.join(''))
  await fc.assert(
    fc.asyncProperty(braces, async (value) => {
      const { body: bytes } = await prepare(
        { method: 'POST', url: 'https://api.example.com/', body: { text: literalText(value) } },
        {},
      )
      expect(Buffer.from(bytes as Uint8Array).toString()).toBe(value)
    }),
    { numRuns: 2_000 },
  )
})

it('a cURL line of any request becomes a file that sends the same', async () => {
  await fc.assert(
    fc.asyncProperty(body, header, content, async (anyBody, value, query) => {
      const template = {
        method: 'POST',
        url: 'https://api.example.com/a',
        query: { q: literal(query) as string },
        headers: { 'x-any': literal(value) as string },
        body: literal(anyBody) as BodyTemplate,
      }
      const prepared = await prepare(template, {})
      const file = parse(requestFileText(readCurl(prepared.toCurl()))) as RequestValue
      const source = { absolute: '/nowhere/in.yaml' } as SourceFile
      const loaded = { label: 'in.yaml', source, value: file, layers: [{ source, path: [], value: file }] }
      const imported = await templateOf(loaded as unknown as LoadedRequest, new Grants([]))
      expect(await sent(imported)).toEqual(await sent(template))
    }),
    { numRuns: 300 },
  )
})
