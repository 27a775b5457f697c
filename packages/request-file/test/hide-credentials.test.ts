import { describe, expect, it } from 'vitest'
import { readCurl } from '../src/curl/index.ts'
import { readHttpFile } from '../src/http/index.ts'
import { hideCredentials } from '../src/index.ts'

const hidden = (command: string) => {
  const { imported, credentials } = hideCredentials(readCurl(command))
  return { request: imported[0]?.request, notes: imported[0]?.notes.join('\n') ?? '', credentials }
}

describe('credentials of an import', () => {
  it('become variables wherever their names say so, and are named', () => {
    const { request, credentials, notes } = hidden(
      `curl 'https://a.example/?api_key=k%2F1&page=2' -H 'Authorization: Bearer abc.def' -H 'X-Api-Key: xyz' -b 'sid=1' -H 'Accept: a/b' --json '{"client_secret":"s-1","name":"n"}'`,
    )
    expect(request).toEqual({
      method: 'POST',
      url: 'https://a.example/?api_key={{api_key}}&page=2',
      headers: {
        Authorization: 'Bearer {{token}}',
        'X-Api-Key': '{{x_api_key}}',
        Accept: 'a/b',
        cookie: '{{cookie}}',
        'content-type': 'application/json',
      },
      body: { json: { client_secret: '{{client_secret}}', name: 'n' } },
    })
    expect(credentials).toEqual({
      api_key: 'k/1',
      token: 'abc.def',
      x_api_key: 'xyz',
      cookie: 'sid=1',
      client_secret: 's-1',
    })
    for (const name of Object.keys(credentials)) expect(notes).toContain(name)
    for (const value of Object.values(credentials)) expect(notes).not.toContain(value)
  })

  it('of forms, texts and Basic are taken out too; the same value keeps its name, another gets a number', () => {
    expect(hidden(`curl -u me:pw-1 https://a.example/ -d 'grant_type=password&password=pw-1'`)).toMatchObject(
      {
        request: {
          headers: { authorization: 'Basic {{basic_credentials | base64}}' },
          variables: { basic_credentials: 'me:{{password}}' },
          body: { text: 'grant_type=password&password={{password}}' },
        },
        credentials: { password: 'pw-1' },
      },
    )
    expect(
      hidden(`curl https://a.example/ -F password=one -F 'note=x' --next https://a.example/`).request?.body,
    ).toEqual({
      multipart: [
        { name: 'password', value: '{{password}}' },
        { name: 'note', value: 'x' },
      ],
    })
    const { imported, credentials } = hideCredentials(
      readCurl(
        `curl https://a.example/ -H 'X-Token: one'; curl https://a.example/ -H 'X-Token: two' -d '{ "accessToken" : "one" }'`,
      ),
    )
    expect(imported.map(({ request }) => request.headers)).toMatchObject([
      { 'X-Token': '{{x_token}}' },
      { 'X-Token': '{{x_token_2}}' },
    ])
    expect(imported[1]?.request.body).toEqual({ text: '{ "accessToken" : "{{accesstoken}}" }' })
    expect(credentials).toEqual({ x_token: 'one', x_token_2: 'two', accesstoken: 'one' })
  })

  it('stay as they are where they are variables already', () => {
    const read = readHttpFile(
      '@token = abc\n@page = 1\nGET https://a.example/?key={{k}}\nAuthorization: Bearer {{token}}',
    )
    const { imported, credentials } = hideCredentials(read)
    expect(imported[0]?.request).toMatchObject({
      url: 'https://a.example/?key={{k}}',
      headers: { Authorization: 'Bearer {{token}}' },
      variables: { page: '1' },
    })
    expect(credentials).toEqual({ token: 'abc' })
  })
})

// Keys of the vendors' documentation.
describe('a signature that another client made', () => {
  it.each([
    [
      'AWS in a header',
      `curl 'https://examplebucket.s3.amazonaws.com/test.txt' -H 'Range: bytes=0-9' -H 'x-amz-date: 20130524T000000Z' -H 'x-amz-content-sha256: e3b0' -H 'X-Amz-Security-Token: session' -H 'Authorization: AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,SignedHeaders=host;range;x-amz-content-sha256;x-amz-date;x-tenant,Signature=f0e8' -H 'x-tenant: a'`,
      {
        url: 'https://examplebucket.s3.amazonaws.com/test.txt',
        headers: { Range: 'bytes=0-9', 'x-tenant': 'a' },
        preRequest: [
          {
            use: '@ez/aws-sigv4',
            with: {
              service: 's3',
              region: 'us-east-1',
              credentials: {
                accessKeyId: '{{access_key}}',
                secretAccessKey: '{{secret_key}}',
                sessionToken: '{{session_token}}',
              },
              signedHeaders: ['x-tenant'],
            },
          },
        ],
      },
      { access_key: 'AKIAIOSFODNN7EXAMPLE', session_token: 'session' },
    ],
    [
      'AWS in the query',
      `curl 'https://examplebucket.s3.amazonaws.com/test.txt?a=b&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host&X-Amz-Signature=aeee'`,
      {
        url: 'https://examplebucket.s3.amazonaws.com/test.txt?a=b',
        preRequest: [
          {
            use: '@ez/aws-sigv4',
            with: {
              service: 's3',
              region: 'us-east-1',
              credentials: { accessKeyId: '{{access_key}}', secretAccessKey: '{{secret_key}}' },
              placement: 'query',
              expiresIn: 86400,
            },
          },
        ],
      },
      { access_key: 'AKIAIOSFODNN7EXAMPLE' },
    ],
    [
      'OAuth 1.0',
      `curl https://photos.example.net/p -H 'Authorization: OAuth realm="Photos",oauth_consumer_key="dpf43f3p2l4k3l03",oauth_token="nnch734d00sl2jdk",oauth_signature_method="HMAC-SHA1",oauth_timestamp="137131202",oauth_nonce="chapoH",oauth_version="1.0",oauth_signature="MdpQ%3D"'`,
      {
        url: 'https://photos.example.net/p',
        preRequest: [
          {
            use: '@ez/netsuite-oauth1/oauth1',
            with: {
              consumerKey: '{{consumer_key}}',
              consumerSecret: '{{consumer_secret}}',
              token: '{{token}}',
              tokenSecret: '{{token_secret}}',
              signatureMethod: 'HMAC-SHA1',
              realm: 'Photos',
            },
          },
        ],
      },
      { consumer_key: 'dpf43f3p2l4k3l03', token: 'nnch734d00sl2jdk' },
    ],
    [
      'Azure SharedKey',
      `curl https://shop.blob.core.windows.net/a/b -H 'x-ms-date: x' -H 'x-ms-version: 2021-12-02' -H 'Authorization: SharedKey shop:c2ln'`,
      {
        url: 'https://shop.blob.core.windows.net/a/b',
        preRequest: [
          {
            use: '@ez/azure-storage',
            with: {
              credentials: { accountName: 'shop', accountKey: '{{account_key}}' },
              version: '2021-12-02',
            },
          },
        ],
      },
      {},
    ],
    [
      'Cosmos DB',
      `curl https://shop.documents.azure.com/dbs -H 'x-ms-date: x' -H 'x-ms-version: 2018-12-31' -H 'authorization: type%3dmaster%26ver%3d1.0%26sig%3dc2ln'`,
      {
        url: 'https://shop.documents.azure.com/dbs',
        headers: { 'x-ms-version': '2018-12-31' },
        preRequest: [{ use: '@ez/cosmos-auth', with: { masterKey: '{{master_key}}' } }],
      },
      {},
    ],
    [
      'HTTP Digest',
      `curl https://a.example/ -H 'Authorization: Digest username="Mufasa", realm="r", nonce="n", uri="/", response="8ca5"'`,
      {
        url: 'https://a.example/',
        preRequest: [
          { use: '@ez/core/steps/digest', with: { username: '{{username}}', password: '{{password}}' } },
        ],
      },
      { username: 'Mufasa' },
    ],
  ])('becomes the signer that makes it: %s', (_, command, request, credentials) => {
    const found = hidden(command)
    expect(found).toMatchObject({ credentials, notes: expect.stringContaining('was made by another client') })
    expect(found.request).toEqual({ method: 'GET', ...request })
  })
})

it('curl --digest becomes the step, and --user is not copied', () => {
  expect(hidden('curl --digest -u me:pass-word https://a.example/')).toMatchObject({
    request: { preRequest: [{ use: '@ez/core/steps/digest', with: { username: '{{username}}' } }] },
    credentials: { username: 'me', password: 'pass-word' },
  })
})
