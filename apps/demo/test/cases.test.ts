import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { storedObjects } from '../src/endpoints/s3.ts'
import { type DemoRequest, defects } from '../src/model.ts'
import { type Network, openNetwork } from '../src/network.ts'
import { cosmosCreate } from '../src/requests/cosmos-create.ts'
import { requests } from '../src/requests/index.ts'
import { netsuiteSuiteql } from '../src/requests/netsuite-suiteql.ts'
import { s3PutBinary } from '../src/requests/s3-put-binary.ts'
import { s3PutText } from '../src/requests/s3-put-text.ts'
import { spapiPost } from '../src/requests/spapi-post.ts'
import { runCase } from '../src/run.ts'
import { inBody, lastBit } from '../src/tamper.ts'

const now = (): Date => new Date()
let network: Network

beforeAll(() => {
  network = openNetwork(now)
})
afterAll(() => network.close())

const cases = requests.flatMap((request) => [null, ...defects].map((defect) => ({ request, defect })))

describe('every documented request', () => {
  it.each(cases)('$request.name, defect: $defect', async ({ request, defect }) => {
    const before = network.sent.length
    const result = await runCase(request, defect, now)
    expect(result.problems).toEqual([])
    expect(result.answer?.status).toBe(result.expected.status)
    // A request that was refused beforehand asked for its token at most.
    const api = new URL(result.prepared?.url ?? 'https://nowhere.example').host
    const sent = network.sent
      .slice(before)
      .filter((line) => line.includes(`//${api}/`) && !/token$/.test(line))
    expect(sent).toHaveLength(result.expected.status === undefined ? 0 : 1)
  })

  it('has a name of its own', () => {
    expect(new Set(requests.map(({ name }) => name)).size).toBe(requests.length)
  })
})

describe('what arrives', () => {
  it('is the object under its key, byte for byte', async () => {
    await runCase(s3PutText, null, now)
    await runCase(s3PutBinary, null, now)
    expect(new TextDecoder().decode(storedObjects.get('invoices/2026 Q1+Q2 für Zoë.txt'))).toBe(
      'Invoice 42 for Zoë: 19.90 €\n',
    )
    expect([...(storedObjects.get('images/café + milk.png') ?? [])]).toEqual([
      137, 80, 78, 71, 13, 10, 26, 10,
    ])
  })

  it('is the window of yesterday and the typed array', async () => {
    const { prepared } = await runCase(spapiPost, null, () => new Date('2026-03-01T12:00:00Z'))
    expect(JSON.parse(new TextDecoder().decode(prepared?.body as Uint8Array))).toMatchObject({
      dataStartTime: '2026-02-28T00:00:01',
      dataEndTime: '2026-02-28T23:59:59',
      marketplaceIds: ['ATVPDKIKX0DER', 'A2EUQ1WTGCTBG2'],
    })
  })
})

describe('what a scheme does not sign', () => {
  // The endpoints must be no stricter than the vendors, or the demo would promise too much.
  it.each([
    [netsuiteSuiteql, inBody("'F'", "'T'")],
    [cosmosCreate, inBody('19.9', '99.9')],
  ])('can be changed on the way: $name', async (request, tamper) => {
    const { answer } = await runCase({ ...request, tamper }, 'tampered', now)
    expect(answer?.status).toBe(request.accepted.status)
  })

  it('is little in S3: one bit of the body is enough', async () => {
    const { code } = await runCase({ ...s3PutBinary, tamper: lastBit }, 'tampered', now)
    expect(code).toBe('XAmzContentSHA256Mismatch')
  })
})

describe('an expectation that is not met', () => {
  const wrong: DemoRequest = { ...spapiPost, accepted: { status: 200, code: 'Nothing', says: 'nothing' } }

  it('is told', async () => {
    expect((await runCase(wrong, null, now)).problems).toEqual([
      '202 in place of 200',
      'code none in place of Nothing',
      'the answer does not say "nothing"',
    ])
  })

  it('is told when preparing fails, and nothing is sent', async () => {
    const before = network.sent.length
    const request = { ...spapiPost, template: { ...spapiPost.template, url: 'https://{{nowhere}}/' } }
    const { problems } = await runCase(request, null, now)
    expect(problems).toEqual([
      'nothing sent in place of 202',
      'code EZ_VARIABLE_MISSING in place of none',
      expect.stringContaining('reportId'),
    ])
    expect(network.sent).toHaveLength(before)
  })
})
