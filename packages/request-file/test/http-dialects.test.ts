import { describe, expect, it } from 'vitest'
import { readHttpEnvironments, readHttpFile } from '../src/http/index.ts'
import type { ImportedRequest } from '../src/index.ts'
import { readPostmanCollection, readPostmanEnvironment } from '../src/postman/index.ts'

const requests = (text: string, files: Readonly<Record<string, string>> = {}) =>
  readHttpFile(text, { readFile: (name) => files[name] }).map(({ request }) => request)
const notes = (text: string): string =>
  readHttpFile(text)
    .flatMap((entry: ImportedRequest) => entry.notes)
    .join('\n')

describe('.http files', () => {
  it('reads requests without ### between them, with their names and comments', () => {
    const text = `@host = https://a.example
# @name one
GET {{host}}/1
X-A: b

# @name two
POST {{host}}/2
Content-Type: application/json

{"a": 1}

# of the third
@more = c
DELETE {{host}}/3 HTTP/1.1
`
    expect(requests(text)).toMatchObject([
      { name: 'one', method: 'GET', url: '{{host}}/1', headers: { 'X-A': 'b' } },
      { name: 'two', method: 'POST', body: { text: '{"a": 1}' } },
      { method: 'DELETE', url: '{{host}}/3', variables: { host: 'https://a.example', more: 'c' } },
    ])
  })

  it('keeps quoted lines of a text, and takes handlers and tests for none', () => {
    const text = `POST https://a.example/
Content-Type: text/plain

> what a reader said
?? is no test
answer

> {%
  client.test('a', () => {})
%}
> ./handler.js
>> ./answer.json
?? status == 201
?? header x exists
`
    expect(requests(text.replace('?? is no test\n', ''))).toEqual([
      {
        method: 'POST',
        url: 'https://a.example/',
        headers: { 'Content-Type': 'text/plain' },
        body: { text: '> what a reader said\nanswer' },
        expect: { status: 201 },
      },
    ])
    expect(notes(text)).toMatch(/What the file does with the response[\s\S]*"\?\? header x exists"/)
  })

  it('puts in the text of files, with variables where the file asks for them', () => {
    const head = 'POST https://a.example/\nContent-Type: application/json\n\n'
    const files = { './a.json': '{"id": {{id}}}\n' }
    expect(requests(`${head}<@ ./a.json`, files)[0]?.body).toEqual({ text: '{"id": {{id}}}' })
    expect(requests(`${head}[\n< ./a.json\n]`, files)[0]?.body).toEqual({ text: '[\n{"id": \\{{id}}}\n]' })
    expect(requests(`${head}< ./a.json`, files)[0]?.body).toEqual({ file: './a.json' })
    expect(notes(`${head}<@ ./b.json`)).toContain('./b.json belongs into the body')
  })

  it('reads forms with spaces around their signs', () => {
    const text = `POST https://a.example/
Content-Type: application/x-www-form-urlencoded

name = two words &
token={{ the token }}&
  empty=
`
    expect(requests(text)[0]?.body).toEqual({ text: 'name=two%20words&token={{the_token}}&empty=' })
  })

  it('makes a step of Digest lines, and reads service and region of an AWS line from the host', () => {
    const [one, two, three] = readHttpFile(`GET https://a.example/
Authorization: Digest {{user}} pass-word
###
GET https://sqs.eu-west-1.amazonaws.com/
Authorization: AWS {{id}} {{secret}}
###
GET https://search-x.us-east-2.es.amazonaws.com/
Authorization: AWS {{id}} {{secret}} token:{{t}}
`)
    expect(one).toMatchObject({
      request: {
        preRequest: [
          { use: '@ez/core/steps/digest', with: { username: '{{user}}', password: '{{password}}' } },
        ],
      },
      credentials: { password: 'pass-word' },
    })
    expect(JSON.stringify(one?.request)).not.toContain('pass-word')
    const scopeOf = (entry: ImportedRequest | undefined) => entry?.request.preRequest?.[0]?.with
    expect(scopeOf(two)).toMatchObject({ service: 'sqs', region: 'eu-west-1' })
    expect(scopeOf(three)).toMatchObject({
      service: 'es',
      region: 'us-east-2',
      credentials: { sessionToken: '{{t}}' },
    })
  })

  it("blocks requests behind scripts, and names what else httpyac's directives ask for", () => {
    const [request] = requests(`{{
  request.headers.x = sign()
}}
GET https://a.example/
`)
    expect(request?.preRequest?.[0]?.blocked).toContain('A script of the file')
    const text =
      '# @disabled\nGET https://a.example/1\n\n###\n# @loop for 3\n# @no-log\nGET https://a.example/2\n'
    expect(requests(text)).toHaveLength(1)
    expect(notes(text)).toMatch(/is disabled[\s\S]*"@loop for 3" has no counterpart/)
    expect(notes(text)).not.toContain('no-log')
  })

  it('reads environments, the private ones over the others', () => {
    expect(
      readHttpEnvironments([
        '{ "$shared": { "v": "2" }, "dev": { "host": "a", "the key": "{{$uuid}}", "SSLConfiguration": { "x": 1 } } }',
        '{ "dev": { "host": "b" } }',
      ]),
    ).toEqual({ '': { v: '2' }, dev: { host: 'b', the_key: '{%uuid%}' } })
    expect(() => readHttpEnvironments(['[]'])).toThrow('no map of names')
  })
})

it('Postman: environments and globals are read, and Digest becomes a step', () => {
  const environment = {
    name: 'Dev',
    values: [
      { key: 'a b', value: '1' },
      { key: 'off', value: '2', enabled: false },
    ],
  }
  expect(readPostmanEnvironment(JSON.stringify(environment))).toEqual({
    name: 'Dev',
    variables: { a_b: '1' },
  })
  const globals = { ...environment, _postman_variable_scope: 'globals' }
  expect(readPostmanEnvironment(JSON.stringify(globals)).name).toBe('')
  const auth = {
    type: 'digest',
    digest: [
      { key: 'username', value: 'me' },
      { key: 'password', value: 'pass-word' },
    ],
  }
  const collection = { info: {}, item: [{ request: { method: 'GET', url: 'https://a.example/', auth } }] }
  const [imported] = readPostmanCollection(JSON.stringify(collection))
  expect(imported?.request.preRequest).toEqual([
    { use: '@ez/core/steps/digest', with: { username: 'me', password: '{{password}}' } },
  ])
})
