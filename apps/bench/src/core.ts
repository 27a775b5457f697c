import { hash } from 'node:crypto'
import { awsSigV4 } from '@ez/aws-sigv4'
import {
  type PrepareContext,
  prepare,
  type RequestTemplate,
  type ResolvedRequest,
  type Signer,
  signRequest,
} from '@ez/core'
import type { BenchGroup } from './group.ts'
import type { BenchCase } from './harness.ts'

const ringSize = 1024
const start = Date.UTC(2026, 0, 15, 12, 36)

const report: RequestTemplate = {
  method: 'POST',
  url: 'https://{{host}}/reports/2021-06-30/reports',
  headers: { 'content-type': 'application/json', 'x-amz-access-token': '{{access_token}}' },
  body: {
    json: {
      reportType: '{{report_type}}',
      dataStartTime: '{%yesterday%}T00:00:01',
      dataEndTime: '{%yesterday%}T23:59:59',
      marketplaceIds: '{{marketplace_ids}}',
      reportOptions: { seller: '{{seller}}', note: 'for {{customer}}' },
    },
  },
}

const signer: Signer = awsSigV4({
  service: 'execute-api',
  region: 'us-east-1',
  credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' },
})

/** Other variables at every call, and a clock that moves. */
function contexts(): PrepareContext[] {
  return Array.from({ length: ringSize }, (_, index) => ({
    clock: () => new Date(start + index * 60_007),
    variables: {
      host: 'sellingpartnerapi-na.amazon.com',
      access_token: `Atza|IQEBLjAsAhRmHjNgHpi0U-Dme37rR6CuUpSR${index}`,
      report_type: 'GET_FLAT_FILE_ALL_ORDERS_DATA_BY_ORDER_DATE_GENERAL',
      marketplace_ids: ['ATVPDKIKX0DER', `A${index}`],
      seller: `S${index}`,
      customer: `customer ${index}`,
    },
  }))
}

/** The goal of the first case, in hashes of its body. */
const goalInFloors = 10

async function preparing(): Promise<BenchCase[]> {
  const ring = contexts()
  const at = (index: number): PrepareContext => ring[index % ringSize] as PrepareContext
  const signed: RequestTemplate = { ...report, preRequest: [signer] }
  const frozen: ResolvedRequest[] = await Promise.all(ring.map((context) => prepare(report, context)))
  return [
    { name: 'prepare, 6 variables, no signer (goal: 4 µs)', run: (index) => prepare(report, at(index)) },
    {
      name: 'prepare, 6 variables, signed (goal: the signer + 6 µs)',
      run: (index) => prepare(signed, at(index)),
    },
    {
      name: 'signRequest of the same, concrete',
      run: (index) => signRequest(frozen[index % ringSize] as ResolvedRequest, [signer], at(index)),
    },
    {
      name: 'the signer called directly',
      run: (index) => {
        const now = new Date(start + index * 60_007)
        return signer.sign(frozen[index % ringSize] as ResolvedRequest, { now: () => now, nonce: () => '' })
      },
    },
    {
      name: 'floor: crypto.hash of the body',
      run: (index) => hash('sha256', (frozen[index % ringSize] as ResolvedRequest).body as Uint8Array, 'hex'),
      floor: true,
      goal: goalInFloors,
    },
  ]
}

async function resolving(): Promise<BenchCase[]> {
  const rows = Array.from({ length: 900 }, (_, index) => ({
    id: index,
    name: `item ${index}`,
    note: 'for {{customer}} of {{seller}}',
    ids: '{{marketplace_ids}}',
    active: true,
  }))
  const template: RequestTemplate = { method: 'POST', url: 'https://api.example.com/', body: { json: rows } }
  const ring = contexts()
  const text = JSON.stringify(rows)
  return [
    {
      name: `prepare, JSON body of ${Math.round(text.length / 1000)} KB`,
      run: (index) => prepare(template, ring[index % ringSize]),
    },
    { name: 'JSON.stringify of the same, unresolved', run: () => JSON.stringify(rows), floor: true },
  ]
}

/** How cost grows with what a request holds. */
async function scaling(): Promise<BenchCase[]> {
  const cases: BenchCase[] = []
  for (const count of [1, 10, 100, 1000]) {
    const names = Array.from({ length: count }, (_, index) => `v${index}`)
    const template: RequestTemplate = {
      method: 'POST',
      url: 'https://api.example.com/',
      body: { json: Object.fromEntries(names.map((name) => [name, `{{${name}}}`])) },
    }
    const ring = Array.from({ length: 64 }, (_, turn) => ({
      variables: Object.fromEntries(names.map((name) => [name, `value ${turn}`])),
    }))
    cases.push({ name: `${count} variables`, run: (index) => prepare(template, ring[index % ring.length]) })
  }
  for (const count of [1, 20, 200]) {
    const headers = Object.fromEntries(
      Array.from({ length: count }, (_, index) => [`x-header-${index}`, 'value {{v}}']),
    )
    const template: RequestTemplate = { method: 'GET', url: 'https://api.example.com/', headers }
    cases.push({ name: `${count} headers`, run: (index) => prepare(template, { variables: { v: index } }) })
  }
  for (const kilobytes of [1, 64, 4096, 65_536]) {
    const bytes = new Uint8Array(kilobytes * 1024).fill(97)
    const template: RequestTemplate = {
      method: 'PUT',
      url: 'https://api.example.com/{{v}}',
      body: { bytes },
      preRequest: [signer],
    }
    cases.push({
      name: `body of ${kilobytes} KB, signed`,
      run: (index) => prepare(template, { variables: { v: index } }),
    })
  }
  return cases
}

/** Core alone: resolving, freezing, sealing. */
export const groups: readonly BenchGroup[] = [
  { title: 'core: SP-API report', cases: preparing },
  { title: 'core: large JSON body', cases: resolving },
  { title: 'core: scaling', cases: scaling },
]
