import { describe, expect, it } from 'vitest'
import { work } from '../src/view/outcome.ts'
import { pastedRefusals } from './support/refusals.ts'

describe.each(await pastedRefusals())('$title', ({ request, answer, at, nonce, sentence }) => {
  it('is told what it means', async () => {
    const given = { use: 'diagnose', kind: 'auto', status: '', scheme: '', credentials: '' } as const
    const { problems, finding } = await work({ ...given, request, answer, at, nonce })
    expect(problems).toEqual({})
    expect(finding?.diagnosis?.message).toContain(sentence)
  })
})
