import { EzError, type PreRequestScript, secret } from '@ez/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Flow, type FlowContext, type FlowEvent, type FlowStep, runFlow } from '../src/index.ts'
import { FakeTimers } from './support/timers.ts'
import { startVendor, type Vendor } from './support/vendor.ts'

let vendor: Vendor
let other: Vendor
beforeEach(async () => {
  vendor = await startVendor()
  other = await startVendor()
})
afterEach(async () => {
  await vendor.close()
  await other.close()
})

const run = (steps: readonly FlowStep[], context: FlowContext = {}) =>
  runFlow({ steps } as Flow, {
    retry: false,
    ...context,
    variables: { base: vendor.base, ...context.variables },
  })
const get = (id: string, path: string, more: Partial<FlowStep> = {}): FlowStep => ({
  id,
  method: 'GET',
  url: `{{base}}${path}`,
  ...more,
})
const failure = async (promise: Promise<unknown>): Promise<EzError> => {
  try {
    await promise
  } catch (error) {
    if (EzError.isInstance(error)) return error
    throw error
  }
  throw new Error('it did not fail')
}
const signer: PreRequestScript = {
  specVersion: 1,
  id: 'test-signer',
  run: (request) => request.headers.set('authorization', 'Signed abc'),
}

describe('hosts that an answer chooses', () => {
  it('are refused when they come by way of a variable, whole or in part', async () => {
    vendor.handle = () => ({ json: { url: `${other.base}/steal` } })
    const error = await failure(
      run(
        [
          get('one', '/', { capture: { to: { json: '$.url' } } }),
          { id: 'two', method: 'GET', url: '{{target}}', preRequest: [signer] },
        ],
        {
          variables: { target: '{%to%}' },
        },
      ),
    )
    expect(error.code).toBe('EZ_HOST_NOT_ALLOWED')
    expect(other.received).toEqual([])
    const host = await failure(
      run(
        [
          get('one', '/', { capture: { to: { json: '$.url' } } }),
          { id: 'two', method: 'GET', url: '{{outer}}?a=b', preRequest: [signer] },
        ],
        { variables: { outer: '{{inner}}', inner: '{%to%}' } },
      ),
    )
    expect([host.code, other.received]).toEqual(['EZ_HOST_NOT_ALLOWED', []])
    await run(
      [
        get('one', '/', { capture: { to: { json: '$.url' } } }),
        { id: 'two', method: 'GET', url: '{{target}}' },
      ],
      { variables: { target: '{%to%}' } },
    )
    expect(other.received.map(({ url }) => url)).toEqual(['/steal'])
  })

  it('are refused in the middle of a URL', async () => {
    vendor.handle = () => ({ json: { url: `${other.base.replace('http://', '')}` } })
    const error = await failure(
      run(
        [
          get('one', '/', { capture: { to: { json: '$.url' } } }),
          { id: 'two', method: 'GET', url: 'http://{{target}}/x', preRequest: [signer] },
        ],
        {
          variables: { target: '{%to%}' },
        },
      ),
    )
    expect(error.code).toBe('EZ_HOST_NOT_ALLOWED')
    expect(other.received).toEqual([])
  })
  it('do not hinder a variable that holds a runtime value elsewhere', async () => {
    vendor.handle = () => ({ json: { id: 7 } })
    await run(
      [
        get('one', '/', { capture: { to: { json: '$.id' } } }),
        get('two', '/{{path}}', { preRequest: [signer] }),
      ],
      {
        variables: { path: 'x-{%to%}' },
      },
    )
    expect(vendor.received.at(-1)?.url).toBe('/x-7')
  })
  it('may come from a record for a bare request, its query kept', async () => {
    vendor.handle = () => ({ json: [{ url: `${other.base}/a?b=c%2Fd` }] })
    const r = await run([
      get('one', '/', { records: '$' }),
      { id: 'two', method: 'GET', url: '{{record.url}}', each: 'one' },
    ])
    expect(r.refused).toBe(0)
    expect(other.received.map(({ url }) => url)).toEqual(['/a?b=c%2Fd'])
  })
  it('may not come from a record for a signed request, and nothing is sent', async () => {
    vendor.handle = () => ({ json: [{ url: `${other.base}/a?b=c%2Fd` }] })
    const error = await failure(
      run([
        get('one', '/', { records: '$' }),
        { id: 'two', method: 'GET', url: '{{record.url}}', each: 'one', preRequest: [signer] },
      ]),
    )
    expect(error.code).toBe('EZ_HOST_NOT_ALLOWED')
  })
  it('of a redirect get neither signature nor secret', async () => {
    vendor.handle = ({ url }) =>
      url === '/' ? { status: 302, headers: { location: `${other.base}/r` } } : { json: {} }
    other.handle = () => ({ json: { a: 1 } })
    await run([get('one', '/', { preRequest: [signer], headers: { 'x-key': '{{k}}' } })], {
      variables: { k: secret('sssssssss') },
      redirect: 'follow',
    })
    expect(Object.keys(other.received[0]?.headers ?? {})).not.toContain('authorization')
    expect(JSON.stringify(other.received[0]?.headers)).not.toContain('sssssssss')
  })
})

describe('secrets', () => {
  it('that were captured are masked in what is told of a later refusal', async () => {
    vendor.handle = ({ url }) =>
      url === '/'
        ? { json: { token: 'very-secret-token' } }
        : { status: 400, json: { error: 'bad very-secret-token' } }
    const events: FlowEvent[] = []
    const error = await failure(
      run(
        [
          get('one', '/', { capture: { t: { json: '$.token', secret: true } } }),
          get('two', '/x', { headers: { 'x-t': '{%t%}' } }),
        ],
        { onEvent: (e) => events.push(e) },
      ),
    )
    expect(error.message + JSON.stringify(error.details) + JSON.stringify(events)).not.toContain(
      'very-secret',
    )
  })
  it('that were captured, or would be, are masked in what is told of conditions', async () => {
    vendor.handle = ({ url }) =>
      url === '/' ? { json: { token: 'very-secret-token' } } : { json: { echo: 'very-secret-token' } }
    const error = await failure(
      run([
        get('one', '/', { capture: { t: { json: '$.token', secret: true } } }),
        get('two', '/x', { headers: { 'x-t': '{%t%}' }, expect: { json: { '$.echo': 'other' } } }),
      ]),
    )
    expect(error.message + JSON.stringify(error.details)).not.toContain('very-secret')
    const own = await failure(
      run([
        get('one', '/', {
          capture: { t: { json: '$.token', secret: true } },
          expect: { json: { '$.token': 'other' } },
        }),
      ]),
    )
    expect(own.message + JSON.stringify(own.details)).not.toContain('very-secret')
    const repeated = await failure(
      run([
        get('one', '/', {
          capture: { t: { json: '$.token', secret: true } },
          repeat: { every: 1, times: 1, until: { json: { '$.token': 'other' } } },
        }),
      ]),
    )
    expect(repeated.message + JSON.stringify(repeated.details)).not.toContain('very-secret')
  })
})

describe('lists', () => {
  it('are found at a path without $, as client.paginate reads it', async () => {
    vendor.handle = () => ({ json: { payload: { orders: [1, 2] } } })
    const { steps } = await run([
      get('one', '/', { paginate: { style: 'offset', size: 10, items: 'payload.orders' } }),
    ])
    expect(steps[0]?.records).toBe(2)
  })
  it('are empty where a filter fits nothing, and an error where there is no list', async () => {
    vendor.handle = () => ({ json: { orders: [{ state: 'x' }] } })
    const { steps } = await run([get('one', '/', { records: "$.orders[?@.state=='open']" })])
    expect(steps[0]?.records).toBe(0)
    const error = await failure(run([get('one', '/', { records: "$.nothing[?@.state=='open']" })]))
    expect(error.code).toBe('EZ_RECORD_INVALID')
  })
  it('are taken from the last answer of a repeated step', async () => {
    vendor.handle = (_, n) => ({ json: n < 3 ? { state: 'RUNNING' } : { state: 'DONE', items: [1, 2, 3] } })
    const { steps } = await run(
      [
        get('one', '/', {
          repeat: { every: '5s', times: 9, until: { json: { '$.state': 'DONE' } } },
          records: '$.items',
        }),
      ],
      { timers: new FakeTimers() },
    )
    expect(steps[0]).toMatchObject({ records: 3, answers: 3 })
  })
  it('in XML go on with a cursor of the root element', async () => {
    vendor.handle = ({ url }) => ({
      headers: { 'content-type': 'application/xml' },
      body: url.includes('token=t1')
        ? '<L xmlns="http://a/"><IsTruncated>false</IsTruncated><C><K>3</K></C></L>'
        : '<L xmlns="http://a/"><IsTruncated>true</IsTruncated><Next>t1</Next><C><K>1</K></C><C><K>2</K></C></L>',
    })
    const { steps } = await run([
      get('one', '/', {
        paginate: { style: 'cursor', path: '$.Next', into: { query: 'token' } },
        records: '/L/C',
      }),
    ])
    expect(steps[0]).toMatchObject({ records: 3, answers: 2 })
  })
  it('that are nested too deeply are coded errors', async () => {
    vendor.handle = () => ({
      headers: { 'content-type': 'application/xml' },
      body: '<a>'.repeat(2000) + '</a>'.repeat(2000),
    })
    const error = await failure(run([get('one', '/', { capture: { a: { xml: '//b' } } })]))
    expect(error.code).toBe('EZ_CAPTURE_MISSING')
    const e2 = await failure(run([get('one', '/', { records: '/a' })]))
    expect(e2.code).toBe('EZ_RESPONSE_UNREADABLE')
    vendor.handle = () => ({ body: '['.repeat(2000) + ']'.repeat(2000) })
    const e3 = await failure(run([get('one', '/', { capture: { a: { json: '$..b' } } })]))
    expect(e3.code).toMatch(/EZ_(CAPTURE_MISSING|RESPONSE_UNREADABLE)/)
  })
  it('with a name that a variable has too send nothing, whichever record has it', async () => {
    vendor.handle = () => ({ json: [{ a: 1 }, { a: 1, host: 2 }] })
    const error = await failure(
      run([get('one', '/', { records: '$' }), get('two', '/x/{{a}}/{{host}}', { each: 'one' })], {
        variables: { host: 'h' },
      }),
    )
    expect(error.code).toBe('EZ_NAME_AMBIGUOUS')
    expect(vendor.received.length).toBe(1)
  })
})

describe('conditions', () => {
  it('compare whole numbers that a double does not hold', async () => {
    vendor.handle = () => ({ body: '{"id":12345678901234567890}' })
    await run([get('one', '/', { expect: { json: { '$.id': 12345678901234567890n } } })])
    const error = await failure(
      run([get('one', '/', { expect: { json: { '$.id': 12345678901234567891n } } })]),
    )
    expect(error.code).toBe('EZ_EXPECTATION_UNMET')
  })
})
