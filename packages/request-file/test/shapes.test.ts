import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { readEzExport } from '../src/ez/index.ts'
import { readHttpFile } from '../src/http/index.ts'
import { requestFileText } from '../src/index.ts'
import { readPostmanCollection } from '../src/postman/index.ts'

const schema = 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json'
const event = (listen: string, ...exec: string[]) => ({ listen, script: { exec } })
const postman = (collection: object) =>
  readPostmanCollection(JSON.stringify({ info: { name: 'Shop', schema }, ...collection }))
const notesOf = (imported: readonly { readonly notes: readonly string[] }[]): string =>
  imported.flatMap(({ notes }) => notes).join('\n')

describe('Postman collections as they are written', () => {
  it('reads values that are no text, and a URL without raw', () => {
    const [first] = postman({
      variable: [
        { key: 'n', value: 5 },
        { key: 'flag', value: true },
        { key: 'nothing', value: null },
      ],
      item: [
        null,
        {
          name: 'One',
          request: {
            method: 'GET',
            header: [{ key: 'x-n', value: 7 }],
            url: {
              protocol: 'https',
              host: ['api', 'example', 'com'],
              port: '8443',
              path: ['a', ':id'],
              query: [
                { key: 'q', value: 1 },
                { key: 'off', value: 'x', disabled: true },
              ],
              variable: [{ key: 'id', value: 42 }],
            },
          },
        },
      ],
    })
    expect(first?.request).toMatchObject({
      url: 'https://api.example.com:8443/a/42?q=1',
      headers: { 'x-n': '7' },
      variables: { n: '5', flag: 'true', nothing: '' },
    })
  })

  it('copies no variable that holds a credential', () => {
    const imported = postman({
      variable: [
        { key: 'api_key', value: 'very-secret-1' },
        { key: 'plain', value: 'very-secret-2', type: 'secret' },
        { key: 'other_token', value: '{{elsewhere}}' },
      ],
      item: [{ name: 'One', request: 'https://api.example.com' }],
    })
    expect(requestFileText(imported)).not.toContain('very-secret')
    expect(imported[0]?.request.variables).toEqual({ other_token: '{{elsewhere}}' })
    expect(notesOf(imported)).toContain('api_key')
  })

  it('keeps the script of a collection once, and one of its own for a request', () => {
    const shared = [
      event('prerequest', "pm.environment.set('a', 1)", "pm.environment.get('a')"),
      event('test', 'x()'),
    ]
    const item = [
      { name: 'One', request: 'https://api.example.com/1' },
      { name: 'Two', request: 'https://api.example.com/2', event: [event('prerequest', 'two()')] },
      { name: 'Two', request: 'https://api.example.com/3', event: [event('prerequest', 'three()')] },
      { name: 'Four', request: 'https://api.example.com/4' },
    ]
    const imported = postman({ event: shared, item })
    const scriptsOf = (key: 'preRequest' | 'tests') =>
      imported.map(({ request }) => (request[key] ?? []).map(({ script, dialect }) => `${dialect} ${script}`))
    expect(scriptsOf('preRequest')).toEqual([
      ['postman ./shop.pre-request.js'],
      ['postman ./shop.pre-request.js', 'postman ./two.pre-request.js'],
      ['postman ./shop.pre-request.js', 'postman ./two-2.pre-request.js'],
      ['postman ./shop.pre-request.js'],
    ])
    expect(scriptsOf('tests')).toEqual(Array(4).fill(['postman ./shop.test.js']))
    expect(imported[0]?.files?.['shop.pre-request.js']).toBe(shared[0]?.script.exec.join('\n'))
    // Each request runs it itself: they do not stand on each other.
    expect(Object.keys(parse(requestFileText(imported)))).toEqual(['requests'])
  })

  it('makes steps of requests where a script of one sets what another reads', () => {
    const item = [
      {
        name: 'Log in',
        request: 'https://api.example.com/1',
        event: [event('test', "pm.environment.set('tok', 1)")],
      },
      { name: 'Log in', request: 'https://api.example.com/{{tok}}' },
    ]
    const { steps } = parse(requestFileText(postman({ item })))
    expect(steps.map(({ id }: { id: string }) => id)).toEqual(['log-in', 'log-in-2'])
    expect(steps[0].tests).toEqual([{ script: './log-in.test.js', dialect: 'postman' }])
  })

  it('keeps variables of the steps of a flow apart', () => {
    const basic = (username: string) => ({ type: 'basic', basic: [{ key: 'username', value: username }] })
    const one = (name: string, url: string, username: string, ...events: object[]) => ({
      name,
      request: { method: 'GET', url, auth: basic(username) },
      event: events,
    })
    const item = [
      one('A', 'https://a.example/', 'ann', event('test', "pm.environment.set('t', 1)")),
      one('B', 'https://a.example/{{t}}', 'bob'),
      one('C', 'https://a.example/{{t}}', 'ann'),
    ]
    const { defaults, steps } = parse(requestFileText(postman({ item })))
    expect(defaults.variables).toEqual({
      basic_credentials: 'ann:{{password}}',
      basic_credentials_2: 'bob:{{password}}',
    })
    expect(steps.map(({ headers }: { headers: { authorization: string } }) => headers.authorization)).toEqual(
      [
        'Basic {{basic_credentials | base64}}',
        'Basic {{basic_credentials_2 | base64}}',
        'Basic {{basic_credentials | base64}}',
      ],
    )
    expect(steps[0]).not.toHaveProperty('variables')
  })

  it('grants a script the hosts that stand in it, and names what is not there', () => {
    const exec = "pm.sendRequest('https://auth.example.com:8443/t', () => pm.cookies.get('a'))"
    const [first] = postman({
      item: [{ name: 'One', request: 'https://a.example/', event: [event('prerequest', exec)] }],
    })
    expect(first?.request.preRequest).toEqual([
      { script: './one.pre-request.js', dialect: 'postman', allow: { hosts: ['auth.example.com:8443'] } },
    ])
    expect(first?.notes.join()).toMatch(/pm\.cookies.*--allow network/)
  })

  it('writes variables that all requests share once', () => {
    const item = ['One', 'Two'].map((name) => ({ name, request: 'https://api.example.com/' }))
    const value = parse(requestFileText(postman({ variable: [{ key: 'base', value: 'b' }], item })))
    expect(value.defaults).toEqual({ variables: { base: 'b' } })
    expect(value.requests).toHaveLength(2)
    expect(value.requests[0]).not.toHaveProperty('variables')
  })
})

describe('.http files as editors write them', () => {
  it('reads multipart bodies, GraphQL, and scripts before the request', () => {
    const [upload, query, last, ...others] = readHttpFile(`
POST https://api.example.com/up
Content-Type: multipart/form-data; boundary=Line

--Line
Content-Disposition: form-data; name="note"

two

lines
--Line
Content-Disposition: form-data; name="data"; filename="d.json"
Content-Type: application/json

< ./d.json
--Line--

###
GRAPHQL https://api.example.com/g

query { a }

{ "x": 1 }

###
< {%
  request.variables.set('a', 'b')
%}
GET https://api.example.com/last

###
WEBSOCKET ws://example.com
`)
    expect(upload?.request).toEqual({
      method: 'POST',
      url: 'https://api.example.com/up',
      body: {
        multipart: [
          { name: 'note', value: 'two\n\nlines' },
          { name: 'data', file: './d.json', filename: 'd.json', contentType: 'application/json' },
        ],
      },
    })
    expect(query?.request).toMatchObject({
      method: 'POST',
      body: { json: { query: 'query { a }', variables: { x: 1 } } },
    })
    expect(last?.request).toEqual({
      method: 'GET',
      url: 'https://api.example.com/last',
      preRequest: [{ blocked: expect.stringContaining('A script of the file runs before this request') }],
    })
    expect(others).toEqual([])
    expect(notesOf([upload].flatMap((entry) => entry ?? []))).toContain('WEBSOCKET')
  })

  it('takes no text for a request', () => {
    expect(() => readHttpFile('hello\n\nworld\n')).toThrow('holds no request')
    expect(readHttpFile('example.com/a')[0]?.request.url).toBe('http://example.com/a')
  })
})

describe('exports of eZintegrations', () => {
  it('names what stands outside of the steps, and hides credentials in what it keeps', () => {
    const imported = readEzExport(
      JSON.stringify({
        'Bridge Name': 'Orders',
        source: [{ 'Endpoint URL': 'https://api.example.com', Auth: { Password: 'very-secret' } }],
        schedule: { cron: '* * *' },
      }),
    )
    expect(imported).toHaveLength(1)
    expect(notesOf(imported)).toContain('"Bridge Name": "Orders"')
    expect(notesOf(imported)).toContain('"schedule": {"cron":"* * *"}')
    expect(notesOf(imported)).toContain('"Auth": {"Password":"***')
    expect(notesOf(imported)).not.toContain('very-secret')
  })
})
