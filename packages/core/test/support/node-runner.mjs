// Run by Node's own test runner: a signer that signs nothing but a constant passes all checks but one.
import { describe, it } from 'node:test'
import { checkOptions, reveal } from '@ez/core'
import { describeSigner } from '@ez/core/testing'

const constant = (options) => {
  checkOptions('constant', options, { key: 'secret' })
  return {
    specVersion: 1,
    id: 'constant',
    writes: { headers: ['x-constant'], query: [] },
    sign: () => ({
      patch: { headers: { 'x-constant': '1' }, query: [] },
      trace: [{ id: 'constant', value: '1' }],
      secrets: [reveal(options.key)],
    }),
  }
}

const vector = {
  title: 'a constant',
  source: 'this file',
  context: { now: '2026-01-15T12:36:00Z' },
  options: { key: 'example-key-123456' },
  request: { method: 'GET', url: 'https://api.example.com/', headers: [], body: null },
  stages: { constant: '1' },
  expected: { headers: { 'x-constant': '1' }, query: [] },
}

describeSigner(constant, [vector], {
  credentials: ['key'],
  signs: [],
  verify: () => undefined,
  describe,
  it,
})
