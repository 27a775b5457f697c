import { createRequire } from 'node:module'
import { expect, it } from 'vitest'
import { type BruParser, readBruno } from '../src/bruno/index.ts'

// It has no types of its own.
const require: NodeJS.Require = createRequire(import.meta.url)
const parser = require('@usebruno/lang') as BruParser

const order = (auth: string, more = '', body = 'json') => `meta {
  name: Create order
  type: http
  seq: 2
}

post {
  url: https://{{host}}/orders/:id?a=1
  body: ${body}
  auth: ${auth}
}

params:query {
  a: 1
  ~b: 2
}

params:path {
  id: 7
}

headers {
  x-a: request
  ~x-off: 1
}

body:json {
  {"a": "{{x.y}}"}
}

vars:pre-request {
  x.y: 1
}
${more}`

const collection = {
  path: 'collection.bru',
  text: 'headers {\n  x-a: collection\n  x-c: d\n}\n\nauth {\n  mode: bearer\n}\n\nauth:bearer {\n  token: {{token}}\n}\n',
}
const folder = {
  path: 'sub/folder.bru',
  text: 'meta {\n  name: Sub folder\n}\n\nauth {\n  mode: inherit\n}\n\nvars:pre-request {\n  v: 1\n}\n',
}
const environment = {
  path: 'environments/Dev.bru',
  text: 'vars {\n  host: a.example\n  ~off: 1\n}\nvars:secret [\n  token\n]\n',
}

it('a folder of .bru files: what folder and collection set, in order, with environments', () => {
  const get =
    'meta {\n  name: List\n  type: http\n  seq: 1\n}\n\nget {\n  url: {{host}}/orders\n  body: none\n  auth: none\n}\n'
  const { imported, environments } = readBruno(
    [
      collection,
      folder,
      environment,
      { path: 'sub/b.bru', text: order('inherit') },
      { path: 'sub/a.bru', text: get },
    ],
    parser,
  )
  expect(environments).toEqual([{ name: 'Dev', variables: { host: 'a.example' } }])
  expect(imported.map(({ request }) => request)).toEqual([
    {
      name: 'Sub folder / List',
      method: 'GET',
      url: '{{host}}/orders',
      headers: { 'x-a': 'collection', 'x-c': 'd' },
      variables: { v: '1' },
    },
    {
      name: 'Sub folder / Create order',
      method: 'POST',
      url: 'https://{{host}}/orders/7?a=1',
      headers: {
        'x-a': 'request',
        'x-c': 'd',
        'content-type': 'application/json',
        authorization: 'Bearer {{token}}',
      },
      body: { text: '{"a": "{{x_y}}"}' },
      variables: { v: '1', x_y: '1' },
    },
  ])
})

it.each([
  [
    'basic',
    'username: u\n  password: pass-word',
    '@ez/core/steps/basic-auth',
    { username: 'u', password: '{{password}}' },
  ],
  ['digest', 'username: u\n  password: {{p}}', '@ez/core/steps/digest', { username: 'u', password: '{{p}}' }],
  [
    'awsv4',
    'accessKeyId: {{ak}}\n  secretAccessKey: pass-word\n  sessionToken: \n  service: s3\n  region: eu\n  profileName: ',
    '@ez/aws-sigv4',
    {
      service: 's3',
      region: 'eu',
      credentials: { accessKeyId: '{{ak}}', secretAccessKey: '{{secret_key}}' },
    },
  ],
  [
    'oauth2',
    'grant_type: client_credentials\n  access_token_url: https://a/t\n  client_id: i\n  client_secret: pass-word\n  scope: x\n  credentials_placement: body',
    '@ez/oauth2/client-credentials',
    {
      tokenEndpoint: 'https://a/t',
      clientId: 'i',
      clientSecret: '{{client_secret}}',
      scope: 'x',
      authentication: 'post',
    },
  ],
])('authorization %s becomes a step, without its secret', (type, settings, use, options) => {
  const text = order(type, `\nauth:${type} {\n  ${settings}\n}\n`)
  const { imported } = readBruno([{ path: 'a.bru', text }], parser)
  expect(imported[0]?.request.preRequest).toEqual([{ use, with: options }])
  expect(JSON.stringify(imported[0]?.request)).not.toContain('pass-word')
})

it('what it cannot do blocks the request, or is named', () => {
  const scripts = `
auth:ntlm {
  username: u
  password: pass-word
  domain: d
}

script:pre-request {
  req.setHeader('x', sign())
}

assert {
  res.status: eq 201
  res.body.id: isNumber
}

tests {
  test('a', () => {})
}
`
  const { imported } = readBruno([{ path: 'a.bru', text: order('ntlm', scripts) }], parser)
  expect(imported[0]?.request.preRequest?.map(({ blocked }) => blocked)).toEqual([
    expect.stringContaining('A script of the collection'),
    expect.stringContaining('"ntlm"'),
  ])
  expect(imported[0]?.request.expect).toEqual({ status: 201 })
  expect(imported[0]?.notes.join('\n')).toMatch(/tests that run after[\s\S]*"res\.body\.id isNumber"/)
  expect(() => readBruno([{ path: 'a.bru', text: 'meta {' }], parser)).toThrow(/^a\.bru: /)
  expect(() => readBruno([{ path: 'a.bru', text: '' }])).toThrow('@usebruno/lang')
})

it('OpenCollection: separate files, and a bundled one', () => {
  const request = `info: { name: Create order, type: http, seq: 1 }
http:
  method: post
  url: https://{{host}}/orders/:id
  params: [{ name: id, value: '7', type: path }, { name: q, value: 'x y', type: query }]
  headers: [{ name: x-a, value: b }, { name: x-off, value: c, disabled: true }]
  body: { type: form-urlencoded, data: [{ name: a, value: '{{v}}' }, { name: b, value: c, disabled: true }] }
  auth: inherit
runtime:
  variables: [{ name: v, value: '1' }]
`
  const root = `opencollection: 1.0.0
info: { name: Shop }
request: { auth: { type: apikey, key: x-key, value: '{{key}}', placement: header } }
`
  const dev = 'name: dev\nvariables: [{ name: host, value: a.example }, { name: key, secret: true }]\n'
  const expected = {
    method: 'POST',
    url: 'https://{{host}}/orders/7?q=x y',
    headers: { 'x-a': 'b', 'x-key': '{{key}}' },
    body: { form: [['a', '{{v}}']] },
    variables: { v: '1' },
  }
  const apart = readBruno([
    { path: 'opencollection.yml', text: root },
    { path: 'orders/folder.yml', text: 'info: { name: Orders, type: folder }\n' },
    { path: 'orders/create.yml', text: request },
    { path: 'environments/dev.yml', text: dev },
  ])
  expect(apart.environments).toEqual([{ name: 'dev', variables: { host: 'a.example' } }])
  expect(apart.imported.map((entry) => entry.request)).toEqual([
    { name: 'Orders / Create order', ...expected },
  ])
  const bundled = `${root}config: { environments: [{ name: dev, variables: [{ name: host, value: a.example }] }] }
items:
  - info: { name: Orders, type: folder }
    items:
      -
${request.replace(/^/gm, '        ').trimEnd()}
`
  const whole = readBruno([{ path: 'opencollection.yml', text: bundled }])
  expect(whole.environments).toEqual(apart.environments)
  expect(whole.imported.map((entry) => entry.request)).toEqual(apart.imported.map((entry) => entry.request))
})
