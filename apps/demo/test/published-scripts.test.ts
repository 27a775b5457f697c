import { existsSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { prepare, type RequestTemplate } from '@ez/core'
import { closePython, pythonScript } from '@ez/python'
import { lintPythonScript } from '@ez/python/lint'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { environment } from '../src/environment.ts'
import { type Network, openNetwork } from '../src/network.ts'

// The second example holds a key of its own, in place of which its reader writes one.
const placeholder = 'XXXXXXXXXXXXXXXXXX'
vi.mock('../src/endpoints/accounts.ts', async (load) => {
  const accounts = await load<typeof import('../src/endpoints/accounts.ts')>()
  const secretOfAwsKey = (keyId: string): string | undefined =>
    keyId === placeholder ? placeholder : accounts.secretOfAwsKey(keyId)
  return { ...accounts, secretOfAwsKey }
})

const root = resolve(import.meta.dirname, '../../..')
const folder = resolve(root, process.env.EZ_SCRIPTS ?? '../shared/product/scripts')
const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.py')) : []

const reports = '/reports/2021-06-30/reports'
const keys = { access_key: environment.aws_access_key, secret_key: environment.aws_secret_key }
const signed = { 'x-amz-date': '{%amzdate%}', authorization: '{%authorization_header%}' }
const spApi = {
  ...keys,
  host: environment.spapi_host,
  hostname: `https://${environment.spapi_host}`,
  canonical_uri: reports,
  body: { reportType: "GET_'ALL'", marketplaceIds: ['ATVPDKIKX0DER'], active: true, none: null },
}
const post: RequestTemplate = {
  method: 'POST',
  url: `https://${environment.spapi_host}${reports}`,
  headers: signed,
  body: { text: '{%request_parameters%}' },
}

const cases: Record<
  string,
  { template: RequestTemplate; variables: Record<string, unknown>; status: number }
> = {
  'overview-spapi-post.py': { template: post, variables: spApi, status: 202 },
  'spapi-ex1-post.py': { template: post, variables: spApi, status: 202 },
  'spapi-ex2-post-body.py': { template: post, variables: {}, status: 202 },
  'spapi-ex3-get.py': {
    template: { method: 'GET', url: post.url, headers: signed },
    variables: spApi,
    status: 403,
  },
  'overview-s3-put.py': {
    template: {
      method: 'PUT',
      url: 'https://{{host}}/{{canonical_uri}}',
      headers: { ...signed, 'x-amz-content-sha256': '{%payload_hash%}' },
      body: { text: '{{payload}}' },
    },
    variables: {
      ...keys,
      host: environment.s3_host,
      region: environment.aws_region,
      canonical_uri: 'invoices/test.txt',
      payload: 'It\'s "S3"\n\\o/ 😀',
    },
    status: 200,
  },
  'overview-netsuite.py': {
    template: {
      method: 'POST',
      url: 'https://{{account_id}}.suitetalk.api.netsuite.com/services/rest/query/v1/suiteql',
      headers: { authorization: '{%signature%}', prefer: 'transient' },
      body: { json: { q: 'SELECT id FROM transaction' } },
    },
    variables: {
      account_id: '1234567-sb1',
      consumer_id: environment.netsuite_account,
      consumer_key: environment.netsuite_consumer_key,
      consumer_secret: environment.netsuite_consumer_secret,
      token: environment.netsuite_token,
      token_secret: environment.netsuite_token_secret,
    },
    status: 200,
  },
  'overview-cosmos.py': {
    template: {
      method: 'POST',
      url: 'https://{{hostname}}/dbs/Shop/colls/Orders/docs',
      headers: {
        authorization: '{%authorization%}',
        'x-ms-date': '{%date%}',
        'x-ms-version': '2020-07-15',
        'x-ms-documentdb-partitionkey': '["1"]',
      },
      body: { json: { id: '1' } },
    },
    variables: {
      hostname: environment.cosmos_host,
      master_key: environment.cosmos_master_key,
      resource_type: 'docs',
      resource_id: 'dbs/Shop/colls/Orders',
    },
    status: 201,
  },
}

let network: Network
let accepted = 0

beforeAll(() => {
  network = openNetwork(() => new Date())
})
afterAll(() => {
  network.close()
  closePython()
  console.log(
    files.length === 0
      ? `published scripts: the folder ${folder} is absent`
      : `published scripts: ${files.length} sent, ${accepted} accepted`,
  )
})

describe.each(files)('%s, unmodified', (name) => {
  const file = join(folder, name)
  const { template, variables, status } = cases[name] as (typeof cases)[string]

  it(`is answered with ${status}`, async () => {
    const prepared = await prepare({ ...template, preRequest: [pythonScript({ file })] }, { variables })
    const response = await fetch(prepared.toRequest())
    const answer = await response.text()
    expect(response.status, answer).toBe(status)
    if (response.ok) accepted += 1
    else {
      expect(answer).toContain('The request signature we calculated does not match')
      const findings = await lintPythonScript({ file, request: template, context: { variables } })
      expect(findings.map(({ rule }) => rule)).toEqual(['query-line-missing'])
    }
  })
})

it.runIf(files.length > 0)('has a request for every script of the folder', () => {
  expect(files.filter((name) => !Object.hasOwn(cases, name))).toEqual([])
})
