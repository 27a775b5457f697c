import { awsSigV4 } from '@ez/aws-sigv4'
import { azureStorage } from '@ez/azure-storage'
import { type ConcreteRequest, type PreparedRequest, type Signer, signRequest } from '@ez/core'
import { cosmosAuth } from '@ez/cosmos-auth'
import { oauth1 } from '@ez/netsuite-oauth1'
import { describe, expect, it } from 'vitest'
import { ez, folder } from './support/ez.ts'
import { accessKey, secretKey } from './support/files.ts'

const clock = (): Date => new Date('2026-01-15T12:36:00Z')
const masterKey = 'dsZQi3KtZmCv1ljt3VNWNm7sQUF1y5rJfC6kv5JiwvW0EndXdDku/dkKBp8/ufDToSxLzR4y+O/0H/t4bQtVNw=='
const signed = (request: ConcreteRequest, signer: Signer): Promise<PreparedRequest> =>
  signRequest(request, [signer], { clock, nonce: () => 'n-1' })
const stage = ({ trace }: PreparedRequest, id: string): string =>
  trace.findLast((entry) => entry.id === id)?.value ?? ''
const aws = {
  service: 's3',
  region: 'eu-west-1',
  credentials: { accessKeyId: accessKey, secretAccessKey: secretKey },
}
const put: ConcreteRequest = {
  method: 'PUT',
  url: 'https://bucket.s3.eu-west-1.amazonaws.com/a%20b?x=1',
  headers: { 'content-type': 'text/plain', 'x-amz-meta-a': 'it\'s "one"' },
  body: new TextEncoder().encode('text of the body'),
}

const told = (curl: string, answer: string, ...flags: string[]) =>
  ez(['diagnose', '--curl', 'curl.txt', '--response', 'body.xml', ...flags], {
    cwd: folder({ 'curl.txt': `${curl}\n`, 'body.xml': answer }),
  })

const s3Error = (canonical: string, stringToSign: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>SignatureDoesNotMatch</Code><Message>The request signature we calculated does not match the signature you provided. Check your key and signing method.</Message><AWSAccessKeyId>${accessKey}</AWSAccessKeyId><StringToSign>${stringToSign}</StringToSign><CanonicalRequest>${canonical.replaceAll('&', '&amp;')}</CanonicalRequest></Error>`

describe('ez diagnose --curl, without a secret', () => {
  it.each(['header', 'query'] as const)('compares what AWS expected, line by line: %s', async (placement) => {
    const sent = await signed(
      put,
      awsSigV4({ ...aws, placement, ...(placement === 'query' && { expiresIn: 60 }) }),
    )
    const canonical = stage(sent, 'canonical-request')
    const changed = await told(
      sent.toCurl(),
      s3Error(canonical.replace('text/plain', 'application/octet-stream'), stage(sent, 'string-to-sign')),
    )
    expect([changed.code, changed.stderr]).toEqual([0, ''])
    expect(changed.stdout).toContain('aws-sigv4: signature-mismatch')
    expect(changed.stdout).toContain('content-type:application/octet-stream')
    expect(changed.stdout).toContain('content-type:text/plain')
    const same = await told(sent.toCurl(), s3Error(canonical, stage(sent, 'string-to-sign')), '--json')
    expect(JSON.parse(same.stdout)).toMatchObject({
      status: 403,
      step: 'aws-sigv4',
      diagnosis: { cause: 'credential' },
    })
    expect(same.stdout + changed.stdout).not.toContain(secretKey)
  })

  it('reads a whole answer with its headers, as of curl -i', async () => {
    const sent = await signed(put, awsSigV4(aws))
    const { stdout } = await told(
      sent.toCurl(),
      'HTTP/1.1 403 Forbidden\r\ndate: Thu, 15 Jan 2026 13:36:00 GMT\r\n\r\n<Error><Code>RequestTimeTooSkewed</Code><Message>The difference is too large.</Message></Error>',
    )
    expect(stdout).toContain('clock-skew')
  })

  it('compares what Azure Storage signed', async () => {
    const signer = azureStorage({
      scheme: 'SharedKey',
      credentials: { accountName: 'acct', accountKey: masterKey },
    })
    const sent = await signed(
      { method: 'GET', url: 'https://acct.blob.core.windows.net/c?comp=list&restype=container' },
      signer,
    )
    const expected = stage(sent, 'string-to-sign').replace('comp:list', 'comp:other')
    const { code, stdout } = await told(
      sent.toCurl(),
      `<Error><Code>AuthenticationFailed</Code><Message>Server failed to authenticate the request.</Message><AuthenticationErrorDetail>The MAC signature found in the HTTP request is not the same as any computed signature. Server used following string to sign: '${expected}'.</AuthenticationErrorDetail></Error>`,
    )
    expect([code, stdout]).toEqual([0, expect.stringContaining('comp:other')])
    expect(stdout).toContain('comp:list')
  })

  it('compares what Cosmos DB signed', async () => {
    const sent = await signed(
      { method: 'GET', url: 'https://acct.documents.azure.com/dbs/Db/colls/C/docs/1' },
      cosmosAuth({ masterKey }),
    )
    const payload = stage(sent, 'string-to-sign').replace('dbs/Db/', 'dbs/db/').replaceAll('\n', '\\n')
    const { code, stdout } = await told(
      sent.toCurl(),
      `{"code":"Unauthorized","message":"The input authorization token can't serve the request. Please check that the expected payload is built as per the protocol, and check the key being used. Server used the following payload to sign: '${payload}'\\r\\nActivityId: 1"}`,
    )
    expect([code, stdout]).toEqual([0, expect.stringContaining('dbs/db/colls/C/docs/1')])
    expect(stdout).toContain('dbs/Db/colls/C/docs/1')
  })

  it('says what is wrong with an OAuth 1.0a header that can be seen in it', async () => {
    const sent = await signed(
      { method: 'GET', url: 'https://api.example.com/a?b=1' },
      oauth1({ consumerKey: 'ck', consumerSecret: 'planted', token: 't', tokenSecret: 'ts' }),
    )
    const { code, stdout } = await told(
      sent.toCurl().replace('oauth_version="1.0"', 'oauth_version="1.0A"'),
      'Unauthorized',
    )
    expect([code, stdout]).toEqual([0, expect.stringContaining('oauth_version was sent as "1.0A"')])
  })

  it.each([
    ['an unsigned command', 'curl https://a.example/', 'holds no signature that is known'],
    [
      'one that curl signs itself',
      'curl --aws-sigv4 aws:amz:us-east-1:s3 -u A:B https://a.example/',
      'no signature is in the command',
    ],
    [
      'a body in a file',
      "curl -H 'authorization: AWS4-HMAC-SHA256 x' -T big.bin https://a.example/",
      '--data-raw',
    ],
    ['two requests at once', 'curl https://a.example/ https://b.example/', 'one command'],
    ['no command', 'wget https://a.example/', 'EZ_IMPORT_INVALID'],
  ])('refuses %s', async (_, curl, says) => {
    const { code, stderr } = await told(curl, '<Error/>')
    expect([code, stderr]).toEqual([2, expect.stringContaining(says)])
  })

  it('stands in the place of a request file, and is not sent', async () => {
    const cwd = folder({
      'in.yaml': 'method: GET\nurl: https://a.example/\n',
      'curl.txt': 'curl https://a.example/',
    })
    for (const args of [
      ['in.yaml', '--curl', 'curl.txt', '--response', 'x'],
      ['--curl', 'curl.txt', '--send'],
      [],
    ])
      expect((await ez(['diagnose', ...args], { cwd })).stderr).toContain('EZ_USAGE')
  })
})
