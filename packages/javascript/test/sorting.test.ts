import fc from 'fast-check'
import { expect, test } from 'vitest'
import { run, shown } from './support.ts'

test('parameter names are sorted by localeCompare as Node and browsers sort them', async () => {
  const names = [
    'timestamp',
    'Action',
    'nonce',
    'Version',
    'apiKey',
    'ä',
    'z',
    'Z',
    'a_b',
    'a-b',
    'a10',
    'a9',
  ]
  const seen = await shown(`${JSON.stringify(names)}.sort((a, b) => a.localeCompare(b)).join(' ')`)
  expect(seen).toBe([...names].sort(new Intl.Collator('en').compare).join(' '))
})

test('a language and options that are named are used', async () => {
  const seen = await shown(`[
    'ä'.localeCompare('z', 'sv'), 'ä'.localeCompare('z', 'de'), 'a10'.localeCompare('a9', 'en', { numeric: true }),
    'a'.localeCompare('A', undefined, { sensitivity: 'base' }), 'undefined'.localeCompare(),
  ].join(' ')`)
  expect(seen).toBe('1 -1 1 0 0')
})

test('any two texts compare as the host compares them', async () => {
  const pairs = fc.sample(fc.tuple(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' })), {
    numRuns: 200,
    seed: 7,
  })
  const seen = await shown(`${JSON.stringify(pairs)}.map(([a, b]) => a.localeCompare(b)).join(' ')`)
  expect(seen).toBe(pairs.map(([a, b]) => new Intl.Collator('en').compare(a, b)).join(' '))
})

test('a language that does not exist is refused', async () => {
  await expect(run(`'a'.localeCompare('b', 'no such language')`)).rejects.toMatchObject({
    message: expect.stringContaining('RangeError'),
  })
})
