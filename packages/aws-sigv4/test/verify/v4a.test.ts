import { type AwsSigV4aOptions, awsSigV4a } from '@ez/aws-sigv4/v4a'
import { type VerifyAwsSigV4aOptions, verifyAwsSigV4a } from '@ez/aws-sigv4/v4a/verify'
import { verifyAwsSigV4 } from '@ez/aws-sigv4/verify'
import { EzError, type ResolvedRequest } from '@ez/core'
import { describeVerifier, mutantsOf } from '@ez/core/testing'
import { afterAll, describe, expect, it } from 'vitest'
import { publishedVectors } from '../support/folders.ts'
import { type OfficialCase, officialCases } from '../support/official-suite.ts'
import { bytes, instant, secretAccessKey, signed, signedBy, verifierOptions } from '../support/signing.ts'
import { meaningOf } from './meaning.ts'

const folder = publishedVectors('aws-sigv4/v4a')
const base: AwsSigV4aOptions = {
  service: 's3',
  regionSet: ['us-east-1', 'eu-*'],
  credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey },
}
const put = {
  method: 'PUT',
  url: 'https://b.s3.example.com/a%20b/%C3%BC?x=1',
  headers: [['content-type', 'text/plain']] as const,
  body: bytes('text'),
}
const sign = (changes: Partial<AwsSigV4aOptions> = {}, request: Partial<ResolvedRequest> = put) =>
  signedBy(awsSigV4a({ ...base, ...changes }), request)
const allowed = { ...verifierOptions, allowUnsignedPayload: true }

/** A request of the suite as it was sent: raw text, with a host in place of a scheme. */
function sentRequest(text: string): ResolvedRequest {
  const [head = '', body = ''] = [text.slice(0, text.indexOf('\n\n')), text.slice(text.indexOf('\n\n') + 2)]
  const [line = '', ...lines] = head.split('\n')
  const headers: [string, string][] = []
  for (const one of lines) {
    const last = headers.at(-1)
    if (/^\s/.test(one) && last) last[1] += `\n${one}`
    else headers.push([one.slice(0, one.indexOf(':')), one.slice(one.indexOf(':') + 1)])
  }
  const host = headers.find(([name]) => name.toLowerCase() === 'host')?.[1]?.trim()
  const target = line.slice(line.indexOf(' ') + 1, line.lastIndexOf(' HTTP/'))
  return { method: line.split(' ')[0] as string, url: `https://${host}${target}`, headers, body: bytes(body) }
}

describe.runIf(folder)('requests that the official suite signed', () => {
  const cases = (folder === undefined ? [] : officialCases(folder)).filter(
    (one) => one.read('header-signed-request.txt') !== undefined,
  )
  let passed = 0
  afterAll(() => console.log(`aws-sigv4 v4a suite: ${passed} verified of ${cases.length * 2}`))

  const optionsOf = ({ context }: OfficialCase): VerifyAwsSigV4aOptions => ({
    secretFor: () => context.credentials.secret_access_key,
    now: new Date(context.timestamp),
    region: context.region,
    normalizePath: context.normalize,
    doubleEncode: false,
    signSessionToken: context.omit_session_token !== true,
  })

  for (const placement of ['header', 'query'] as const)
    it.each(cases.map((one) => [one.name, one] as const))(`${placement}: %s`, async (_, one) => {
      const text = one.read(`${placement}-signed-request.txt`) as string
      const verified = await verifyAwsSigV4a(sentRequest(text), optionsOf(one))
      expect(verified).toMatchObject({ keyId: 'AKIDEXAMPLE', regionSet: [one.context.region] })
      const other = { ...optionsOf(one), secretFor: () => 'another secret' }
      await expect(verifyAwsSigV4a(sentRequest(text), other)).rejects.toMatchObject({
        code: 'EZ_SIGNATURE_MISMATCH',
      })
      passed += 1
    })
})

it('says what is covered, in the header and in the query', async () => {
  expect(await verifyAwsSigV4a(await sign(), { ...verifierOptions, region: 'eu-west-1' })).toMatchObject({
    keyId: 'AKIDEXAMPLE',
    regionSet: ['us-east-1', 'eu-*'],
    service: 's3',
    path: '/a%20b/%C3%BC',
    covers: { method: true, host: true, path: true, query: 'all', body: 'all' },
    body: put.body,
  })
  const presigned = await sign({ placement: 'query' })
  await expect(verifyAwsSigV4a(presigned, verifierOptions)).rejects.toMatchObject({
    code: 'EZ_BODY_UNSIGNED',
  })
  expect(await verifyAwsSigV4a(presigned, allowed)).toMatchObject({
    regionSet: ['us-east-1', 'eu-*'],
    covers: { body: 'none' },
    body: null,
    unsignedBody: put.body,
  })
})

it.each<[string, string | string[], string, boolean]>([
  ['itself', 'us-east-1', 'us-east-1', true],
  ['all', '*', 'ap-south-1', true],
  ['a beginning', 'eu-*', 'eu-west-1', true],
  ['a pattern with two stars', '*-gov-*', 'us-gov-west-1', true],
  ['one of several', ['us-*', 'eu-west-1'], 'eu-west-1', true],
  ['another', 'us-east-1', 'us-east-2', false],
  ['a longer one', 'us-east-1', 'us-east-11', false],
  ['a pattern whose ends overlap', 'us-*-us-1', 'us-1', false],
])('a region is in the set: %s', async (_, regionSet, region, isThere) => {
  const verdict = verifyAwsSigV4a(await sign({ regionSet }), { ...verifierOptions, region })
  if (isThere) await expect(verdict).resolves.toBeDefined()
  else await expect(verdict).rejects.toMatchObject({ code: 'EZ_SCOPE_MISMATCH' })
})

describe('what is refused', () => {
  const replaced = async (name: string, change: (value: string) => string): Promise<ResolvedRequest> => {
    const sent = await sign()
    return {
      ...sent,
      headers: sent.headers.map(([one, value]) => [one, one === name ? change(value) : value]),
    }
  }
  const signature = (change: (hex: string) => string) =>
    replaced('authorization', (value) => value.replace(/(?<=Signature=).*/, change))

  // One of those that are good for the request, each time another: two integers of 32 bytes.
  const shortSignature =
    '304402201968efb6c45809e19d3a8edb2bed1f137fcfffad9ce7dabfb7a82c64a679ce5b02207a6ad4354bc9a25ed9c78250891d763a75c869178ebfde9dd612932563458ed9'

  it('nothing of a signature that is good', async () => {
    const request = await signature(() => shortSignature)
    expect(await verifyAwsSigV4a(request, verifierOptions)).toMatchObject({ keyId: 'AKIDEXAMPLE' })
  })

  it.each<[string, () => Promise<ResolvedRequest>, string]>([
    ['a signature of version 4', () => signed({}), 'EZ_AUTHORIZATION_INVALID'],
    ['another set of regions', () => replaced('x-amz-region-set', () => '*'), 'EZ_SIGNATURE_MISMATCH'],
    ['no set of regions', () => replaced('x-amz-region-set', () => ''), 'EZ_AUTHORIZATION_INVALID'],
    [
      'a set that names no regions',
      () => replaced('x-amz-region-set', () => 'a b'),
      'EZ_AUTHORIZATION_INVALID',
    ],
    ['another body', async () => ({ ...(await sign()), body: bytes('TEXT') }), 'EZ_BODY_MISMATCH'],
    [
      'chunks that are signed',
      () => replaced('x-amz-content-sha256', () => 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD'),
      'EZ_AUTHORIZATION_INVALID',
    ],
    [
      'chunks that are signed under 4A',
      () => replaced('x-amz-content-sha256', () => 'STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD'),
      'EZ_AUTHORIZATION_INVALID',
    ],
    ['a signature that is no DER', () => signature((hex) => `31${hex.slice(2)}`), 'EZ_AUTHORIZATION_INVALID'],
    ['a signature that is too short', () => signature((hex) => hex.slice(0, -2)), 'EZ_SIGNATURE_MISMATCH'],
    [
      'a signature with more after it',
      () => signature((hex) => `${hex.slice(0, 140)}00`),
      'EZ_SIGNATURE_MISMATCH',
    ],
    ['a signature of zeros', () => signature(() => '3006020100020100'), 'EZ_SIGNATURE_MISMATCH'],
    [
      'an integer that is longer than it need be',
      () => signature(() => shortSignature.replace('30440220', '3045022100')),
      'EZ_SIGNATURE_MISMATCH',
    ],
  ])('%s', async (_, request, code) => {
    await expect(verifyAwsSigV4a(await request(), verifierOptions)).rejects.toMatchObject({ code })
  })

  it('by the verifier of version 4: a signature of 4A', async () => {
    await expect(verifyAwsSigV4(await sign(), verifierOptions)).rejects.toMatchObject({
      code: 'EZ_AUTHORIZATION_INVALID',
    })
  })

  it('a region that is a pattern', async () => {
    for (const region of ['*', '', 1 as unknown as string])
      await expect(verifyAwsSigV4a(await sign(), { ...verifierOptions, region })).rejects.toMatchObject({
        code: 'EZ_OPTION_INVALID',
      })
  })
})

describeVerifier({
  request: await sign(),
  verify: (request, changes) =>
    verifyAwsSigV4a(request as Request, { ...verifierOptions, ...(changes as object) }),
  unusableSecrets: ['', {}, { secretAccessKey: '' }],
  describe,
  it,
})

describe('mutants', () => {
  const each = Math.ceil(Number(process.env.EZ_MUTANTS ?? 5000) / 10)

  it.each<[string, Partial<AwsSigV4aOptions>]>([
    ['in the header', {}],
    ['in the query', { placement: 'query', payload: 'hash' }],
  ])('%s: none is taken for what was not signed', async (name, changes) => {
    const sent = await sign(changes)
    const original = await meaningOf(sent, 's3')
    const counts = { refused: 0, equal: 0 }
    for (const mutant of mutantsOf(sent, each, 20_260_130)) {
      const told = `seed 20260130, ${mutant.changes}: ${mutant.request.url} ${JSON.stringify(mutant.request.headers)}`
      try {
        const { body } = await verifyAwsSigV4a(mutant.request, verifierOptions)
        counts.equal += 1
        const meaning = await meaningOf(mutant.request, 's3')
        expect(original, told).toContain(meaning.find((one) => original.includes(one)) ?? meaning[0])
        expect(body, told).toEqual(put.body)
      } catch (error) {
        if (!EzError.isInstance(error)) throw error
        counts.refused += 1
      }
    }
    console.log(
      `aws-sigv4 v4a mutants, ${name}: ${each}, ${counts.refused} refused, ${counts.equal} the same`,
    )
    expect(counts.refused).toBeGreaterThan(each / 4)
    expect(counts.equal).toBeGreaterThan(0)
  })
})

it('the clock is the one of version 4', async () => {
  const late = new Date(new Date(instant).getTime() + 901_000)
  await expect(verifyAwsSigV4a(await sign(), { ...verifierOptions, now: late })).rejects.toMatchObject({
    code: 'EZ_CLOCK_SKEW',
  })
})
