import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { verifyAwsSigV4 } from '@ez/aws-sigv4/verify'
import type { PreparedRequest, RequestTemplate } from '@ez/core'
import { secret } from '@ez/core'
import { verifyCosmosAuth } from '@ez/cosmos-auth/verify'
import { verifyOAuth1 } from '@ez/netsuite-oauth1/verify'
import { afterAll, describe, expect, test } from 'vitest'
import { pythonScript } from '../src/index.ts'
import { instant, pool, prepareWith } from './support/prepare.ts'
import { scriptFiles, scriptsFolder } from './support/scripts.ts'

afterAll(() => {
  pool.close()
  console.log(
    scriptFiles.length === 0
      ? `published scripts: the folder ${scriptsFolder} is absent`
      : `published scripts: ${scriptFiles.length} run, ${accepted} accepted`,
  )
})

let accepted = 0
const body = {
  reportType: "GET_'ALL'",
  active: true,
  none: null,
  nested: [1.5, { text: 'line\nbreak \\ é' }],
}
const spApi = {
  host: 'sellingpartnerapi-na.amazon.com',
  hostname: 'https://sellingpartnerapi-na.amazon.com',
  canonical_uri: '/reports/2021-06-30/reports',
  access_key: 'AKIDEXAMPLE',
  secret_key: secret("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY'\\"),
  body,
}
const signed = { 'x-amz-date': '{%amzdate%}', authorization: '{%authorization_header%}' }
const sent: Partial<RequestTemplate> = {
  method: 'POST',
  url: 'https://{{host}}/reports/2021-06-30/reports',
  headers: signed,
  body: { text: '{%request_parameters%}' },
}
const aws =
  (secretKey: string, service: string) =>
  (request: PreparedRequest): Promise<unknown> =>
    verifyAwsSigV4(request, { secretFor: () => secretKey, service, region: 'us-east-1', now: instant })
const spApiAccepts = aws("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY'\\", 'execute-api')
const masterKey = Buffer.from('a master key of an example account').toString('base64')

const cases: Record<
  string,
  {
    template: Partial<RequestTemplate>
    variables: Record<string, unknown>
    accepts(request: PreparedRequest): Promise<unknown>
  }
> = {
  'overview-spapi-post.py': { template: sent, variables: spApi, accepts: spApiAccepts },
  'spapi-ex1-post.py': { template: sent, variables: spApi, accepts: spApiAccepts },
  'spapi-ex2-post-body.py': {
    template: { ...sent, url: 'https://sellingpartnerapi-na.amazon.com/reports/2021-06-30/reports' },
    variables: {},
    accepts: aws('XXXXXXXXXXXXXXXXXX', 'execute-api'),
  },
  'spapi-ex3-get.py': {
    template: { url: 'https://{{host}}/reports/2021-06-30/reports', headers: signed },
    variables: spApi,
    accepts: spApiAccepts,
  },
  'overview-s3-put.py': {
    template: {
      method: 'PUT',
      url: 'https://{{host}}/{{canonical_uri}}',
      headers: { ...signed, 'x-amz-content-sha256': '{%payload_hash%}' },
      body: { text: '{{payload}}' },
    },
    variables: {
      ...spApi,
      host: 'examplebucket.s3.amazonaws.com',
      region: 'us-east-1',
      canonical_uri: 'test.txt',
      payload: 'It\'s "S3"\n\\o/ 😀',
    },
    accepts: aws("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY'\\", 's3'),
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
      consumer_id: '1234567_SB1',
      consumer_key: 'ck0123456789abcdef',
      consumer_secret: secret('cs0123456789abcdef'),
      token: 'tk0123456789abcdef',
      token_secret: secret('ts0123456789abcdef'),
    },
    accepts: (request) =>
      verifyOAuth1(request, {
        secretFor: () => ({ consumerSecret: 'cs0123456789abcdef', tokenSecret: 'ts0123456789abcdef' }),
        now: instant,
      }),
  },
  'overview-cosmos.py': {
    template: {
      method: 'POST',
      url: 'https://{{hostname}}/dbs/Shop/colls/Orders/docs',
      headers: { authorization: '{%authorization%}', 'x-ms-date': '{%date%}', 'x-ms-version': '2020-07-15' },
      body: { json: { id: '1' } },
    },
    variables: {
      hostname: 'example.documents.azure.com',
      master_key: secret(masterKey),
      resource_type: 'docs',
      resource_id: 'dbs/Shop/colls/Orders',
    },
    accepts: (request) => verifyCosmosAuth(request, { secretFor: () => masterKey, now: instant }),
  },
}

describe.each(scriptFiles)('%s', (file) => {
  const prepared = async (): Promise<PreparedRequest> => {
    const { template, variables } = cases[file] as (typeof cases)[string]
    return prepareWith([pythonScript({ file: join(scriptsFolder, file), pool })], template, variables)
  }

  test(
    file === 'spapi-ex3-get.py' ? 'runs, and the service refuses what it signs' : 'is accepted',
    async () => {
      const request = await prepared()
      const verdict = (cases[file] as (typeof cases)[string]).accepts(request)
      // Its canonical request has no line for the query.
      if (file === 'spapi-ex3-get.py')
        await expect(verdict).rejects.toMatchObject({ code: 'EZ_SIGNATURE_MISMATCH' })
      else {
        await verdict
        accepted += 1
      }
    },
  )

  test('shows no secret', async () => {
    const request = await prepared()
    const shown = JSON.stringify([request, request.trace])
    for (const value of ['wJalrXUtnFEMI', 'cs0123456789abcdef', 'ts0123456789abcdef', masterKey])
      expect(shown).not.toContain(value)
  })
})

test.runIf(scriptFiles.includes('spapi-ex1-post.py'))(
  'the body that is sent is the one that the script hashed',
  async () => {
    const { template, variables } = cases['spapi-ex1-post.py'] as (typeof cases)[string]
    const source = readFileSync(join(scriptsFolder, 'spapi-ex1-post.py'), 'utf8')
    const request = await prepareWith([pythonScript({ source, pool })], template, variables)
    expect(JSON.parse(new TextDecoder().decode(request.body as Uint8Array))).toEqual(body)
  },
)
