import { secret } from '@ez/core'
import { expect, test } from 'vitest'
import { isSteady, steadyIn } from '../src/providers/steady.ts'

const variables = { region: 'eu-west-1', key: secret('of an example'), other: '{{region}}', made: () => 'x' }

test.each([
  ['{{region}}', true],
  ['{{ key }} and {{region}}', true],
  ['no token', true],
  ['{{other}}', false],
  ['{{made}}', false],
  ['{{missing}}', false],
  ['{{region | default("x")}}', false],
  ['{%now%}', false],
  ['\\{{region}}', false],
  ['{{region', false],
  ['{{constructor}}', false],
])('options with %s mean the same for every row: %s', (text, steady) => {
  expect(steadyIn([{ use: 'a', with: { list: [text] } }], { variables }) !== undefined).toBe(steady)
})

test('a row that has a name itself, and other variables, mean something else', () => {
  const steady = steadyIn([{ with: { region: '{{region}}' } }], { variables })
  if (!steady) throw new Error('not steady')
  expect(isSteady(steady, { variables, data: { id: 1 } })).toBe(true)
  expect(isSteady(steady, { variables, data: { region: 'us-east-1' } })).toBe(false)
  expect(isSteady(steady, { variables: { ...variables } })).toBe(false)
})
