import { awsSigV4 } from '@ez/aws-sigv4'
import { EzError, type PrepareContext, type PreRequestScript, prepare, type RequestTemplate } from '@ez/core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { environment } from '../src/environment.ts'
import { type Network, openNetwork } from '../src/network.ts'
import { spapiPost } from '../src/requests/spapi-post.ts'
import { spApiSigner } from '../src/signers.ts'

let network: Network
let fetched = 0
const realFetch = globalThis.fetch

beforeAll(() => {
  network = openNetwork(() => new Date())
  const mockedFetch = globalThis.fetch
  globalThis.fetch = (...parameters) => {
    fetched += 1
    return mockedFetch(...parameters)
  }
})
afterAll(() => {
  globalThis.fetch = realFetch
  network.close()
})

const script: PreRequestScript = { specVersion: 1, id: 'late-script', run: () => {} }
const { template } = spapiPost

interface Failure {
  readonly what: string
  readonly code: string
  /** Made inside of the attempt: some factories refuse before there is a request. */
  readonly template: () => RequestTemplate
  readonly variables?: Record<string, unknown>
}

const failures: readonly Failure[] = [
  {
    what: 'a missing variable',
    code: 'EZ_VARIABLE_MISSING',
    template: () => ({ ...template, headers: { 'x-tenant': '{{tenant}}' } }),
  },
  {
    what: 'variables that name each other',
    code: 'EZ_VARIABLE_CYCLE',
    template: () => ({ ...template, headers: { 'x-tenant': '{{first}}' } }),
    variables: { first: '{{second}}', second: '{{first}}' },
  },
  {
    what: 'an option of the wrong type',
    code: 'EZ_OPTION_INVALID',
    template: () => ({
      ...template,
      preRequest: [
        awsSigV4({
          service: 'execute-api',
          region: 1 as unknown as string,
          credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
        }),
      ],
    }),
  },
  {
    what: 'a missing credential',
    code: 'EZ_CREDENTIAL_MISSING',
    template: () => template,
    variables: { aws_secret_key: undefined },
  },
  {
    what: 'a line break in a header value',
    code: 'EZ_HEADER_INVALID',
    template: () => ({ ...template, headers: { 'x-tenant': '{{tenant}}' } }),
    variables: { tenant: 'a\r\nx-amz-date: 20200101T000000Z' },
  },
  {
    what: 'a variable inside the host that holds a slash',
    code: 'EZ_URL_HOST',
    template: () => ({ ...template, url: 'https://api.{{domain}}/orders' }),
    variables: { domain: 'example.com/elsewhere' },
  },
  {
    what: 'a script after a signer',
    code: 'EZ_STEP_ORDER',
    template: () => ({ ...template, preRequest: [spApiSigner, script] }),
  },
  {
    what: 'an output that no script publishes',
    code: 'EZ_OUTPUT_MISSING',
    template: () => ({ ...template, headers: { authorization: '{%signature%}' } }),
  },
]

async function prepareAndSend(failure: Failure): Promise<Response> {
  const context: PrepareContext = { variables: { ...environment, ...failure.variables } }
  return await fetch((await prepare(failure.template(), context)).toRequest())
}

it.each(failures)('$what is $code, and nothing is sent', async (failure) => {
  const error: unknown = await prepareAndSend(failure).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(EzError)
  expect((error as EzError).code).toBe(failure.code)
  expect((error as EzError).message).not.toContain('wJalrXUtnFEMI')
  expect(network.sent).toEqual([])
  expect(fetched).toBe(0)
})

it('the same request without a fault is sent, so the count counts', async () => {
  const response = await prepareAndSend({ what: '', code: '', template: () => template })
  expect(response.status).toBe(202)
  expect(network.sent).toHaveLength(1)
  expect(fetched).toBe(1)
})
