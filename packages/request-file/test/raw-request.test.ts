import { describe, expect, it } from 'vitest'
import { readRawRequest } from '../src/http/index.ts'
import { readRequestFile, templateOf } from '../src/index.ts'

describe('a request from the wire', () => {
  it('is read to the character, tokens of ours as literal text', () => {
    const raw =
      'POST /o?q={{a}} HTTP/1.1\r\nHost: api.example.com\r\nX-A: {%b%}\r\nContent-Length: 9\r\n\r\na\r\n{{b}}\n'
    expect(readRawRequest(raw).request).toEqual({
      method: 'POST',
      url: 'https://api.example.com/o?q=\\{{a}}',
      headers: { 'X-A': '\\{%b%}' },
      body: { text: 'a\r\n\\{{b}}\n' },
    })
  })

  it('is read from an HTTP/2 dump, and from a proxy, with LF alone', () => {
    expect(
      readRawRequest(':method: GET\n:scheme: https\n:authority: a.example\n:path: /x\nx-a: 1').request,
    ).toEqual({
      method: 'GET',
      url: 'https://a.example/x',
      headers: { 'x-a': '1' },
    })
    expect(readRawRequest('GET http://a.example/x HTTP/1.0\n\n').request.url).toBe('http://a.example/x')
    expect(readRawRequest('GET /x HTTP/1.1\nhost: a.example', { scheme: 'http' }).request.url).toBe(
      'http://a.example/x',
    )
  })

  it.each([
    ['hello there, world', 'no header'],
    ['x-a: 1', 'no request line'],
    ['GET /x HTTP/1.1\nx-a: 1', 'names no host'],
  ])('is refused: %s', (text, said) => {
    expect(() => readRawRequest(text)).toThrow(said)
  })
})

describe('a request file without a file system', () => {
  it('is one request, several with what they share, or a flow', () => {
    const text =
      'headers: { a: "1" }\ndefaults: { method: POST, headers: { B: "2" } }\nrequests:\n  - { name: x, url: "https://a.example", headers: { b: "3" } }\n'
    expect(readRequestFile(text)).toMatchObject({
      kind: 'requests',
      requests: [{ name: 'x', method: 'POST', headers: { a: '1', b: '3' } }],
    })
    expect(readRequestFile('{ "steps": [{ "id": "s", "url": "https://a.example" }] }').requests).toEqual([
      { id: 's', name: 's', method: 'GET', url: 'https://a.example' },
    ])
  })

  it('says where it is wrong', () => {
    expect(() => readRequestFile('method: GET', 'a.yaml')).toThrow(
      /a\.yaml:1:1: the request needs the key "url"/,
    )
    expect(() => readRequestFile('extends: b.yaml')).toThrow('builds on another')
    expect(() => readRequestFile('- a')).toThrow('must be a map')
  })

  it('becomes a template, unless its body stands in a file', () => {
    const request = { method: 'POST', url: 'https://a.example', body: { base64: 'AQI=' } }
    expect(templateOf(request)).toEqual({
      method: 'POST',
      url: 'https://a.example',
      body: { bytes: Uint8Array.of(1, 2) },
    })
    expect(() => templateOf({ ...request, body: { file: 'a.bin' } })).toThrow('a.bin')
  })
})
