import { describe, expect, it } from 'vitest'
import { readHttpFile } from '../src/http/index.ts'
import type { RequestValue } from '../src/index.ts'
import { readPostmanCollection } from '../src/postman/index.ts'

const http = (text: string) => readHttpFile(text)[0]?.request as RequestValue
const postman = (item: object) =>
  readPostmanCollection(JSON.stringify({ info: { name: 'Shop' }, item: [item] }))[0]
const withAuth = (type: string, settings: object) =>
  postman({
    request: { method: 'GET', url: 'https://a.example/', auth: { type, [type]: settings } },
  })?.request as RequestValue

describe('Authorization lines of .http files', () => {
  it('makes a signer of an AWS line, and copies no key', () => {
    const line = 'AWS {{id}} {{secret}} token:{{ session token }} region:eu-west-1 service:es'
    expect(http(`GET https://a.example/\nAuthorization: ${line}`)).toEqual({
      method: 'GET',
      url: 'https://a.example/',
      preRequest: [
        {
          use: '@ez/aws-sigv4',
          with: {
            service: 'es',
            region: 'eu-west-1',
            credentials: {
              accessKeyId: '{{id}}',
              secretAccessKey: '{{secret}}',
              sessionToken: '{{session_token}}',
            },
          },
        },
      ],
    })
    const written = readHttpFile(
      'GET https://a.example/\nAuthorization: AWS AKID very-secret region:r service:s',
    )
    expect(JSON.stringify(written[0]?.request)).not.toContain('very-secret')
    expect(written[0]?.notes.join()).toContain('set the variable secret_key')
  })

  it('blocks what it cannot work out, and sends none of it', () => {
    for (const line of [
      'AWS {{id}} {{secret}}',
      'Digest username="me", response="x"',
      'NTLM me pw',
      'Negotiate x',
    ]) {
      const request = http(`GET https://a.example/\nAuthorization: ${line}`)
      expect(request.headers).toBeUndefined()
      expect(request.preRequest?.[0]?.blocked).toContain('no counterpart')
    }
  })

  it.each([
    ['Basic me pw', `Basic ${btoa('me:pw')}`, undefined],
    ['Basic me:p:w', `Basic ${btoa('me:p:w')}`, undefined],
    ['Basic {{user}} {{pass word}}', 'Basic {{basic_credentials | base64}}', '{{user}}:{{pass_word}}'],
    ['Basic {{user}}:{{pw}}', 'Basic {{basic_credentials | base64}}', '{{user}}:{{pw}}'],
    ['Basic {{encoded}}', 'Basic {{encoded}}', undefined],
    ['Basic bWU6cHc=', 'Basic bWU6cHc=', undefined],
    ['Bearer {{token}}', 'Bearer {{token}}', undefined],
  ])('encodes %s as editors do', (line, sent, credentials) => {
    const request = http(`@a = 1\nGET https://a.example/\nAuthorization: ${line}`)
    expect(request.headers).toEqual({ Authorization: sent })
    expect(request.variables).toEqual({ a: '1', ...(credentials && { basic_credentials: credentials }) })
  })

  it('reads a query that goes on without indentation', () => {
    expect(http('GET https://a.example/x\n?a=1\n&b=2\nX-A: 1')).toMatchObject({
      url: 'https://a.example/x?a=1&b=2',
      headers: { 'X-A': '1' },
    })
  })
})

describe('authorization of Postman collections', () => {
  it.each(['hawk', 'ntlm', 'jwt', 'asap', 'something-new'])('blocks %s', (type) => {
    expect(withAuth(type, [{ key: 'username', value: 'me' }]).preRequest).toEqual([
      { blocked: `The authorization "${type}" of the collection has no counterpart here.` },
    ])
  })

  it('makes a signer of EdgeGrid', () => {
    const settings = [
      { key: 'clientToken', value: '{{ct}}' },
      { key: 'accessToken', value: 'very-secret' },
      { key: 'clientSecret', value: '{{cs}}' },
      { key: 'headersToSign', value: '' },
    ]
    expect(withAuth('edgegrid', settings).preRequest).toEqual([
      {
        use: '@ez/akamai-edgegrid',
        with: { clientToken: '{{ct}}', accessToken: '{{access_token}}', clientSecret: '{{cs}}' },
      },
    ])
  })

  it('takes an empty setting as absent', () => {
    const keys = { accessKey: '{{a}}', secretKey: '{{s}}', sessionToken: '', region: '', service: '' }
    expect(withAuth('awsv4', keys).preRequest?.[0]?.with).toEqual({
      service: 'execute-api',
      region: 'us-east-1',
      credentials: { accessKeyId: '{{a}}', secretAccessKey: '{{s}}' },
    })
    expect(withAuth('basic', { username: 'me', password: '' }).variables).toEqual({
      basic_credentials: 'me:',
    })
    expect(
      withAuth('oauth1', { consumerKey: 'k', consumerSecret: '{{c}}', token: '', tokenSecret: '' })
        .preRequest?.[0]?.with,
    ).toEqual({ consumerKey: 'k', consumerSecret: '{{c}}' })
  })

  it('reads where OAuth puts its token and which key signs', () => {
    const token = { accessToken: '{{t}}', headerPrefix: 'Token', addTokenTo: 'header' }
    expect(withAuth('oauth2', token).headers).toEqual({ authorization: 'Token {{t}}' })
    expect(withAuth('oauth2', { ...token, addTokenTo: 'queryParams' }).query).toEqual({
      access_token: '{{t}}',
    })
    const rsa = {
      consumerKey: 'k',
      signatureMethod: 'RSA-SHA256',
      privateKey: '{{pem}}',
      consumerSecret: 'x',
    }
    expect(withAuth('oauth1', rsa).preRequest?.[0]?.with).toMatchObject({ consumerSecret: '{{pem}}' })
  })

  it('lets it take the place of a header of its name', () => {
    const request = {
      method: 'GET',
      url: 'a.example/x',
      header: 'authorization: old\r\nX-A: 1',
      auth: { type: 'bearer', bearer: { token: '{{t}}' } },
    }
    expect(postman({ request })?.request).toMatchObject({
      url: 'http://a.example/x',
      headers: { authorization: 'Bearer {{t}}', 'X-A': '1' },
    })
  })
})

describe('Postman requests as they are sent', () => {
  it('takes the table of the query for the query', () => {
    const url = {
      raw: 'https://a.example/p?q=R&D#1&off=1',
      query: [
        { key: 'q', value: 'R&D#1 {{v}}' },
        { key: 'flag', value: null },
        { key: 'empty', value: '' },
        { key: 'off', value: '1', disabled: true },
      ],
    }
    expect(postman({ request: { method: 'GET', url } })?.request.url).toBe(
      'https://a.example/p?q=R%26D%231 {{v}}&flag&empty=',
    )
  })

  it('keeps all files of a field, and variables of GraphQL that are no JSON yet', () => {
    const formdata = [{ key: 'f', type: 'file', src: ['1.txt', '2.txt'] }]
    const url = 'https://a.example/'
    expect(
      postman({ request: { method: 'POST', url, body: { mode: 'formdata', formdata } } })?.request.body,
    ).toEqual({
      multipart: [
        { name: 'f', file: '1.txt' },
        { name: 'f', file: '2.txt' },
      ],
    })
    const graphql = { query: '{ a }', operationName: 'A', variables: '{ "n": {{n}} }' }
    expect(
      postman({ request: { method: 'POST', url, body: { mode: 'graphql', graphql } } })?.request,
    ).toMatchObject({
      headers: { 'content-type': 'application/json' },
      body: { text: '{"query":"{ a }","operationName":"A","variables":{ "n": {{n}} }}' },
    })
  })
})
