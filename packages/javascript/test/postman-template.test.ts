import { type PrepareContext, prepare, type RequestTemplate, secret } from '@ez/core'
import { PostmanValues, postmanTemplateScript, postmanTests } from '@ez/javascript/postman'
import { expect, test } from 'vitest'

const clock = () => new Date('2026-01-02T03:04:05Z')

async function sent(source: string | string[], template: RequestTemplate, context: PrepareContext = {}) {
  const scripts = [source].flat().map((text, index) => ({ name: `${index}.js`, source: text }))
  const script = postmanTemplateScript({ scripts, timeoutMs: 60_000 })
  const draft = await script.run({ template, context: { clock, ...context } })
  const { method, url, headers, body } = await prepare(draft.template, draft.context)
  return {
    method,
    url,
    headers: Object.fromEntries(headers),
    body: body ? new TextDecoder().decode(body as Uint8Array) : '',
  }
}

const template: RequestTemplate = {
  method: 'POST',
  url: '{{base}}/orders?at={%timestamp%}',
  headers: { 'x-signature': '{{signature}}' },
  body: { text: '{"note":"{{note}}"}' },
}
const variables = {
  base: 'https://api.example.com',
  note: 'hello',
  key: secret('s3cret-key'),
  old_name: 'was',
}

test('what scripts set is what the template is resolved with, and they see it unresolved', async () => {
  const { headers, url } = await sent(
    "pm.environment.set('signature', pm.request.body.raw + pm.request.url + Date.now() + pm.globals.get('old name'))",
    template,
    { variables },
  )
  expect(headers['x-signature']).toBe('{"note":"{{note}}"}{{base}}/orders?at={{$timestamp}}1767323045000was')
  expect(url).toBe('https://api.example.com/orders?at=1767323045')
})

test('a name that nobody set is missing, as is one that was unset', async () => {
  await expect(sent('', template, { variables })).rejects.toMatchObject({ code: 'EZ_VARIABLE_MISSING' })
  await expect(
    sent("pm.variables.set('signature', 'a'); pm.environment.unset('note')", template, { variables }),
  ).rejects.toMatchObject({ code: 'EZ_VARIABLE_MISSING', message: expect.stringContaining('note') })
})

test('a set value is literal, may choose the host, and loses to nothing but the nearer scope', async () => {
  const { url, headers } = await sent(
    [
      "pm.environment.set('base', 'https://other.example:8443'); pm.globals.set('signature', 'far')",
      "pm.variables.set('signature', '{{note}}')",
    ],
    template,
    { variables },
  )
  expect([url, headers['x-signature']]).toEqual([
    'https://other.example:8443/orders?at=1767323045',
    '{{note}}',
  ])
  await expect(
    sent(
      "pm.environment.set('base', 'https://other.example'); pm.variables.set('signature', 'a')",
      template,
      {
        variables,
        allowedHosts: ['api.example.com'],
      },
    ),
  ).rejects.toMatchObject({ code: 'EZ_HOST_NOT_ALLOWED' })
})

test('edits of the request are taken back; only names that were written are names', async () => {
  const { method, url, headers, body } = await sent(
    `pm.request.method = 'PUT'
    pm.request.url.query.add({ key: 'n', value: '{{note}}' })
    pm.request.headers.upsert({ key: 'X-Signature', value: '{{mine}}' })
    pm.request.headers.add({ key: 'x-answer', value: JSON.stringify({ a: '{' + '{key}}', b: '{' + '%nonce%}' }) })
    pm.variables.set('mine', 'set later')
    pm.request.body.raw = 'new {{note}}'`,
    template,
    { variables },
  )
  expect({ method, url, headers, body }).toEqual({
    method: 'PUT',
    url: 'https://api.example.com/orders?at=1767323045&n=hello',
    headers: expect.objectContaining({
      'x-signature': 'set later',
      'x-answer': '{"a":"{{key}}","b":"{%nonce%}"}',
    }),
    body: 'new hello',
  })
})

test.each([
  [{ json: { a: 1 } }, 'body.raw = request.data.replace("1", "2")', '{"a":2}', 'application/json'],
  [
    { form: { a: '1' } },
    "body.urlencoded.add({ key: 'b c', value: '2' })",
    'a=1&b%20c=2',
    'application/x-www-form-urlencoded',
  ],
])('a body of %j is edited in its own form', async (body, edit, expected, type) => {
  const { body: text, headers } = await sent(`pm.request.${edit}`, {
    method: 'POST',
    url: 'https://a.example/',
    body,
  })
  expect([text, headers['content-type']?.split(';')[0]]).toEqual([expected, type])
})

test('rows win over the environment, and lose to local variables', async () => {
  const one = { method: 'GET', url: 'https://a.example/{{v}}' }
  const data = { v: 'row' }
  expect((await sent("pm.environment.set('v', 'set')", one, { data })).url).toBe('https://a.example/row')
  expect((await sent("pm.variables.set('v', pm.iterationData.get('v') + '2')", one, { data })).url).toBe(
    'https://a.example/row2',
  )
})

test('a variable that is fetched is fetched when a script names it, once', async () => {
  let fetched = 0
  const token = () => {
    fetched += 1
    return 'fetched'
  }
  const { url } = await sent(
    "pm.variables.set('v', pm.environment.get('token'))",
    { method: 'GET', url: 'https://a.example/{{v}}/{{token}}' },
    { variables: { token } },
  )
  expect([url, fetched]).toEqual(['https://a.example/fetched/fetched', 1])
})

const answered = {
  prepared: { method: 'GET', url: 'https://a.example/', headers: [] },
  response: {
    status: 201,
    headers: [['Content-Type', 'application/json'] as const],
    body: new TextEncoder().encode('{"id":7,"list":[{"a":1}]}'),
  },
  milliseconds: 12,
}

test('scripts look at the answer, tell what they found, and hand values on', async () => {
  const values = new PostmanValues()
  const source = `pm.test('created', () => {
    pm.response.to.have.status(201)
    pm.response.to.be.success
    pm.response.to.be.json
    pm.response.to.have.header('content-type', 'application/json')
    pm.response.to.have.jsonBody('list[0].a', 1)
    pm.response.to.not.have.status(404)
    pm.expect(pm.response.json()).to.deep.include({ id: 7 }).and.have.property('list').that.has.lengthOf(1)
    pm.expect(pm.response.responseTime).to.be.below(200)
    pm.expect(null).to.not.be.ok
    pm.expect(pm.response.headers.get('CONTENT-TYPE')).to.match(/json/)
  })
  pm.test('wrong', () => pm.expect(pm.response.code).to.equal(200))
  tests['old'] = responseCode.code === 201 && JSON.parse(responseBody).id === 7
  pm.environment.set('id', pm.response.json().id)`
  const look = postmanTests({ scripts: [{ name: 'test.js', source }], values, timeoutMs: 60_000 })
  expect(await look(answered)).toEqual([
    { name: 'created', passed: true },
    { name: 'wrong', passed: false, error: 'AssertionError: expected 201 to equal 200' },
    { name: 'old', passed: true },
  ])
  const next = postmanTemplateScript({ scripts: [], values })
  const draft = await next.run({ template: { method: 'GET', url: 'https://a.example/{{id}}' }, context: {} })
  expect((await prepare(draft.template, draft.context)).url).toBe('https://a.example/7')
})

test('an assertion that is not there is refused by its name', async () => {
  const source = "pm.test('schema', () => pm.response.to.have.jsonSchema({}))"
  const look = postmanTests({ scripts: [{ name: 'test.js', source }], timeoutMs: 60_000 })
  await expect(look(answered)).rejects.toMatchObject({
    code: 'EZ_SCRIPT_VALUE',
    message: expect.stringContaining('jsonSchema'),
  })
})
