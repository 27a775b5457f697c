// Mutants over every mode of the verifier: each refused with a code, or the same by the rules of the scheme.
import type { AwsSigV4Options } from '@ez/aws-sigv4'
import { type VerifyAwsSigV4Options, verifyAwsSigV4 } from '@ez/aws-sigv4/verify'
import { EzError, type ResolvedRequest } from '@ez/core'
import { mutantsOf } from '@ez/core/testing'
import { describe, expect, it } from 'vitest'
import { baseOptions, bytes, secretAccessKey, signed, verifierOptions } from '../support/signing.ts'
import { meaningOf } from './meaning.ts'

interface Mode {
  readonly options: Partial<AwsSigV4Options>
  readonly request?: Partial<ResolvedRequest>
  readonly verifier?: Partial<VerifyAwsSigV4Options>
}

const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey, sessionToken: 'token+/=' }
const temporary: Partial<VerifyAwsSigV4Options> = {
  secretFor: (keyId) => (keyId === 'AKIDEXAMPLE' ? { secretAccessKey, sessionToken: 'token+/=' } : undefined),
}
const allowed = { allowUnsignedPayload: true }

const modes: Readonly<Record<string, Mode>> = {
  'execute-api, header': { options: {} },
  'execute-api, query': { options: { placement: 'query' } },
  'execute-api, all headers': { options: { signedHeaders: 'all' } },
  'S3, header': { options: { service: 's3' } },
  'S3, unsigned body': { options: { service: 's3', payload: 'unsigned' }, verifier: allowed },
  'S3, query': { options: { service: 's3', placement: 'query' }, request: { method: 'GET', body: null } },
  'S3, query with the hash': { options: { service: 's3', placement: 'query', payload: 'hash' } },
  'S3, chunks': { options: { service: 's3', payload: 'chunks' } },
  'S3, chunks and trailer': { options: { service: 's3', payload: 'chunks-trailer' } },
  'S3, unsigned chunks': { options: { service: 's3', payload: 'unsigned-trailer' }, verifier: allowed },
  'a session token': { options: { credentials }, verifier: temporary },
  'a session token that is not signed': {
    options: { credentials, signSessionToken: false },
    verifier: { ...temporary, signSessionToken: false },
  },
  'a session token that is not signed, in the query': {
    options: { credentials, signSessionToken: false, placement: 'query' },
    verifier: { ...temporary, signSessionToken: false },
  },
}

const url = 'https://host.example.com/a%20b/c+d/%C3%BC/e%2Ff/k=v?x=1&y=a%20b&y=%2B&empty=&bare'
const total = Number(process.env.EZ_MUTANTS ?? 5000)
const each = Math.ceil(total / Object.keys(modes).length)

describe(`${total} mutants`, () => {
  it.each(Object.entries(modes))('%s: none is taken for what was not signed', async (name, mode) => {
    const seed = 20_260_115 + Object.keys(modes).indexOf(name)
    const request = {
      method: 'PUT',
      url,
      headers: [
        ['content-type', 'text/plain; charset=utf-8'],
        ['x-amz-meta-a', 'one  two'],
        ['user-agent', 'ez'],
      ] as const,
      body: bytes('{"a":1,"b":"text of a body"}'),
      ...mode.request,
    }
    const sent = await signed(request, { ...baseOptions, ...mode.options })
    const options = { ...verifierOptions, ...mode.verifier }
    const original = await meaningOf(sent, mode.options.service ?? 'execute-api')
    expect((await verdictOf(sent, options)).body).toEqual(request.body ?? new Uint8Array())
    const counts = { refused: 0, equal: 0 }
    for (const mutant of mutantsOf(sent, each, seed)) {
      const verdict = await verdictOf(mutant.request, options)
      if (verdict.error) {
        const told = `seed ${seed}, ${mutant.changes}: ${String(verdict.error)}`
        expect(EzError.isInstance(verdict.error), told).toBe(true)
        counts.refused += 1
        continue
      }
      counts.equal += 1
      const meaning = await meaningOf(mutant.request, mode.options.service ?? 'execute-api')
      const told = `seed ${seed}, ${mutant.changes}: ${JSON.stringify(mutant.request.url)} ${JSON.stringify(mutant.request.headers)}`
      expect(original, told).toContain(meaning.find((one) => original.includes(one)) ?? meaning[0])
      if (mode.verifier !== allowed) expect(verdict.body, told).toEqual(request.body ?? new Uint8Array())
    }
    console.log(
      `aws-sigv4 mutants, ${name}: ${each}, ${counts.refused} refused, ${counts.equal} the same (seed ${seed})`,
    )
    expect(counts.refused).toBeGreaterThan(each / 4)
    expect(counts.equal).toBeGreaterThan(0)
  })
})

async function verdictOf(
  request: ResolvedRequest,
  options: VerifyAwsSigV4Options,
): Promise<{ error?: unknown; body?: Uint8Array }> {
  try {
    const { body, unsignedBody } = await verifyAwsSigV4(request, options)
    const read = new Response((body ?? unsignedBody ?? null) as BodyInit | null)
    return { body: new Uint8Array(await read.arrayBuffer()) }
  } catch (error) {
    return { error }
  }
}
