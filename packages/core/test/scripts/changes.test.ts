import { expect, test } from 'vitest'
import { type PreRequestScript, prepare, type RequestTemplate } from '../../src/index.ts'
import { clock, script } from '../support/support.ts'

/** The lines that tell what scripts changed. */
async function changed(
  template: Partial<RequestTemplate>,
  ...scripts: PreRequestScript[]
): Promise<string[]> {
  const prepared = await prepare(
    { method: 'POST', url: 'https://api.example.com/', ...template, preRequest: scripts },
    { clock },
  )
  return prepared.trace.filter(({ id }) => id === 'change').map(({ value }) => value)
}

test('what waits for an output is told when it is removed or filled', async () => {
  const headers = { authorization: '{%signature%}', 'x-a': 'for {%who%}', 'x-b': '{%later | default("b")%}' }
  const removes = script((request) => request.headers.delete('authorization'), 'removes')
  const publishes = script((_, context) => context.publish('who', 'Ada'), 'publishes')
  expect(await changed({ headers }, removes, publishes)).toEqual([
    'headers.authorization: *** → (none)',
    'headers.x-a: for {%who%} → for Ada',
  ])
})

test('pairs are compared one by one', async () => {
  const edits = script((request) => {
    request.query.delete('ids')
    request.query.append('ids', '1')
    request.query.append('ids', '2')
  })
  expect(await changed({ url: 'https://api.example.com/?ids=1%2C%202&a=b' }, edits)).toEqual([
    'query.ids: 1, 2 → 1, 2',
  ])
})

test('a body is told before and after', async () => {
  const first = script((request) => request.setBody({ text: 'second' }))
  const second = script((request) => request.setBody({ bytes: new Uint8Array(2) }))
  const third = script((request) => request.setBody(null))
  const fourth = script((request) => request.setBody({ text: 'x'.repeat(3000) }))
  expect(await changed({ body: { json: { n: 1, out: '{%out%}' } } }, first, second, third, fourth)).toEqual([
    'body: {"n":1,"out":{%out%}} → second',
    'body: second → (bytes)',
    'body: (bytes) → (none)',
    `body: (none) → ${'x'.repeat(1024)}…`,
  ])
})
