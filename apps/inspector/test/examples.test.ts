import { expect, it } from 'vitest'
import { examples } from '../src/examples/examples.ts'
import { work } from '../src/view/outcome.ts'

// A published case of a link for https alone, asked for over http: the verifier refuses it, as a service does.
const refused = ['azure-storage/8']

it.each(examples.map((example) => [example.id, example] as const))('works out %s', async (id, example) => {
  const filled = await example.fill()
  const { problems, explanation, finding, judgement, secret } = await work({
    kind: 'auto',
    status: '',
    ...filled,
  })
  expect(problems).toEqual({})
  expect(explanation?.problem?.message).toBeUndefined()
  expect(explanation?.subject.adapter?.id).toBeDefined()
  expect(explanation?.authorization.length).toBeGreaterThan(0)
  if (filled.use === 'explain') {
    // What is worked out without the secret is what the published case says was signed.
    if (!/^(?:webhooks|shopify)/.test(id)) expect(explanation?.stages.length).toBeGreaterThan(0)
    const asSigned = await work({ kind: 'auto', status: '', ...filled, use: 'sign' })
    if (id.startsWith('aws-sigv4a') || refused.includes(id)) return
    expect([asSigned.secret?.isRight, asSigned.secret?.message]).toEqual([true, expect.any(String)])
  }
  if (filled.use === 'diagnose') expect(finding?.diagnosis?.message).toMatch(/\w/)
  if (filled.use === 'sign' && !id.startsWith('aws-sigv4a'))
    expect([judgement?.refusal?.message, judgement?.verified?.covers]).toEqual([undefined, expect.anything()])
  expect(secret).toBeUndefined()
})
