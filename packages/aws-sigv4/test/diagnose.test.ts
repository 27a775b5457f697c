import { type AwsSigV4Options, awsSigV4, diagnoseAwsSigV4 } from '@ez/aws-sigv4'
import { type Diagnosis, diagnose, type Pairs, type PreparedRequest, signRequest } from '@ez/core'
import { describe, expect, it } from 'vitest'
import { baseOptions, bytes, instant } from './support/signing.ts'

const request = {
  method: 'POST',
  url: 'https://api.example.com/a%20b/c?x=1',
  headers: { 'content-type': 'application/json', 'x-amz-meta-a': '1' },
  body: '{"a": 1}',
}

async function prepared(options: Partial<AwsSigV4Options> = {}): Promise<[PreparedRequest, AwsSigV4Options]> {
  const all = { ...baseOptions, ...options }
  return [await signRequest(request, [awsSigV4(all)], { clock: () => new Date(instant) }), all]
}

async function explain(
  body: string | ((canonicalRequest: string, stringToSign: string) => string),
  options: Partial<AwsSigV4Options> = {},
  headers: Pairs = [],
  status = 403,
): Promise<Diagnosis | undefined> {
  const [sent, all] = await prepared(options)
  const stage = (id: string): string => sent.trace.find((entry) => entry.id === id)?.value ?? ''
  const text = typeof body === 'string' ? body : body(stage('canonical-request'), stage('string-to-sign'))
  return diagnose({ status, headers, body: bytes(text) }, sent, [awsSigV4(all)])?.diagnosis
}

const escapeXml = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')

/** S3's form of the error. */
const s3 = (canonicalRequest: string, stringToSign: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>SignatureDoesNotMatch</Code><Message>The request signature we calculated does not match the signature you provided. Check your key and signing method.</Message><AWSAccessKeyId>AKIDEXAMPLE</AWSAccessKeyId><StringToSign>${escapeXml(stringToSign)}</StringToSign><SignatureProvided>0</SignatureProvided><CanonicalRequest>${escapeXml(canonicalRequest)}</CanonicalRequest></Error>`

/** API Gateway's and, in a list of errors, SP-API's form. */
function gateway(canonicalRequest: string, stringToSign: string): { message: string } {
  return {
    message: `The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.\n\nThe Canonical String for this request should have been\n'${canonicalRequest}'\n\nThe String-to-Sign should have been\n'${stringToSign}'\n`,
  }
}

const forms: Record<string, (canonicalRequest: string, stringToSign: string) => string> = {
  S3: s3,
  'API Gateway': (...stages) => JSON.stringify(gateway(...stages)),
  'SP-API': (...stages) => JSON.stringify({ errors: [{ ...gateway(...stages), code: 'InvalidSignature' }] }),
}

describe.each(Object.entries(forms))('%s', (_, form) => {
  it.each<[string, string, (line: string) => string, RegExp]>([
    ['the method', '1', () => 'GET', /method was POST when signed and GET when received/],
    [
      'a path encoded once',
      '2',
      (line) => line.replace('%2520', '%20'),
      /encoded twice.*doubleEncode to false/,
    ],
    ['the query', '3', (line) => `${line}&y=2`, /query was "x=1" when signed and "x=1&y=2" when received/],
    [
      'content-type',
      '4',
      () => 'content-type:application/json; charset=utf-8',
      /header content-type was changed on the way/,
    ],
    [
      'host',
      '5',
      () => 'host:internal.example.com',
      /host was signed as "api.example.com" and received as "internal.example.com"/,
    ],
    ['the body', 'last', () => '0'.repeat(64), /body that arrived is not the one that was signed/],
    [
      'the body, which did not arrive',
      'last',
      () => 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
      /received no body/,
    ],
    ['the body, which is not signed there', 'last', () => 'UNSIGNED-PAYLOAD', /payload to 'unsigned'/],
  ])('%s differs: the line and the cause', async (_name, which, change, message) => {
    const found = await explain((canonicalRequest, stringToSign) => {
      const lines = canonicalRequest.split('\n')
      const index = which === 'last' ? lines.length - 1 : Number(which) - 1
      lines[index] = change(lines[index] ?? '')
      return form(lines.join('\n'), stringToSign)
    })
    expect(found?.cause).toBe('signature-mismatch')
    expect(found?.message).toMatch(message)
    expect(found?.differences).toHaveLength(1)
    expect(found?.differences?.[0]).toMatchObject({ stage: 'canonical-request' })
  })

  it('a session token that was not signed', async () => {
    const found = await explain((canonicalRequest, stringToSign) =>
      form(
        canonicalRequest
          .replace('x-amz-meta-a:1', 'x-amz-meta-a:1\nx-amz-security-token:***')
          .replace('x-amz-meta-a\n', 'x-amz-meta-a;x-amz-security-token\n'),
        stringToSign,
      ),
    )
    expect(found?.message).toMatch(/session token was received and is not signed/)
  })

  it('a signed header that a proxy dropped', async () => {
    const found = await explain((canonicalRequest, stringToSign) =>
      form(canonicalRequest.replace('x-amz-meta-a:1\n', ''), stringToSign),
    )
    expect(found?.message).toMatch(/header x-amz-meta-a was signed and did not arrive/)
  })

  it('nothing differs: the secret is wrong', async () => {
    expect(await explain(form)).toMatchObject({ cause: 'credential', differences: [] })
  })

  it('another scope: the region is wrong, with the expected one', async () => {
    const found = await explain((canonicalRequest, stringToSign) =>
      form(canonicalRequest, stringToSign.replace('us-east-1', 'eu-west-1')),
    )
    expect(found).toMatchObject({ cause: 'wrong-region' })
    expect(found?.message).toContain('20260115/eu-west-1/execute-api/aws4_request')
  })
})

it('a path encoded twice by the service alone', async () => {
  const found = await explain(
    (canonicalRequest, stringToSign) => s3(canonicalRequest.replace('%20', '%2520'), stringToSign),
    { doubleEncode: false },
  )
  expect(found?.message).toMatch(/doubleEncode to true/)
})

const error = (code: string, message = '', more = ''): string =>
  `<Error><Code>${code}</Code><Message>${message}</Message>${more}</Error>`

describe('other refusals', () => {
  it.each<[string, string, Partial<Diagnosis>]>([
    [
      'the clock, told by S3',
      error(
        'RequestTimeTooSkewed',
        'The difference is too large.',
        '<RequestTime>20260115T123600Z</RequestTime><ServerTime>2026-01-15T12:56:00Z</ServerTime>',
      ),
      {
        cause: 'clock-skew',
        clockOffsetMs: 1_200_000,
        message: expect.stringMatching(/1200 seconds behind/),
      },
    ],
    [
      'the clock, told by a query service',
      `<ErrorResponse><Error><Type>Sender</Type>${error('SignatureDoesNotMatch', 'Signature expired: 20260115T123600Z is now earlier than 20260115T125100Z (20260115T125600Z - 5 min.)').slice(7, -8)}</Error></ErrorResponse>`,
      { cause: 'clock-skew', clockOffsetMs: 1_200_000 },
    ],
    [
      'a clock that is ahead, without the time',
      '{"__type":"RequestInTheFuture","message":"ahead"}',
      { cause: 'clock-skew' },
    ],
    [
      'the clock, ahead, told in JSON',
      '{"__type":"com.amazon.coral.service#InvalidSignatureException","message":"Signature not yet current: 20260115T123600Z is still later than 20260115T120100Z (20260115T115600Z + 5 min.)"}',
      {
        cause: 'clock-skew',
        clockOffsetMs: -2_400_000,
        message: expect.stringMatching(/2400 seconds ahead of/),
      },
    ],
    [
      'the region, told by S3',
      error(
        'AuthorizationHeaderMalformed',
        "The authorization header is malformed; the region 'us-east-1' is wrong; expecting 'eu-west-1'",
        '<Region>eu-west-1</Region>',
      ),
      { cause: 'wrong-region', message: expect.stringContaining('"eu-west-1"') },
    ],
    [
      'the region, told in JSON',
      `{"message":"Credential should be scoped to a valid region, not 'us-east-1'. "}`,
      { cause: 'wrong-region', message: expect.stringContaining('"us-east-1"') },
    ],
    [
      'the service',
      `{"message":"Credential should be scoped to correct service: 'sts'. "}`,
      { cause: 'wrong-region', message: expect.stringContaining('"sts"') },
    ],
    [
      'an unknown key',
      '{"__type":"UnrecognizedClientException","message":"The security token included in the request is invalid."}',
      { cause: 'credential' },
    ],
    ['an ended token', error('ExpiredToken'), { cause: 'token-expired' }],
    [
      'an ended token, without its code',
      '{"message":"The security token included in the request is expired"}',
      { cause: 'token-expired' },
    ],
    [
      'an invalid token, without its code',
      '{"message":"The security token included in the request is invalid."}',
      { cause: 'credential' },
    ],
    [
      'a key, told by EC2',
      `<Response><Errors>${error('AuthFailure', 'AWS was not able to validate the provided access credentials')}</Errors></Response>`,
      { cause: 'credential' },
    ],
    [
      'the region of a presigned URL',
      error(
        'AuthorizationQueryParametersError',
        "Error parsing the X-Amz-Credential parameter; the region 'us-east-1' is wrong; expecting 'eu-west-1'",
      ),
      { cause: 'wrong-region', message: expect.stringContaining('"eu-west-1"') },
    ],
    [
      'a region that R2 has not',
      error('InvalidRegionName', "The region name 'us-east' is not valid. Must be one of: auto, weur"),
      { cause: 'wrong-region', message: expect.stringContaining('Must be one of: auto') },
    ],
    [
      'headers that are not signed',
      error(
        'AccessDenied',
        'There were headers present in the request which were not signed',
        '<HeadersNotSigned>x-amz-acl</HeadersNotSigned>',
      ),
      { cause: 'signature-mismatch', message: expect.stringContaining('x-amz-acl') },
    ],
    [
      'two authorizations',
      error(
        'InvalidArgument',
        'Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string parameter or the Authorization header should be specified',
      ),
      { cause: 'signature-mismatch', message: expect.stringContaining('two authorizations') },
    ],
    [
      'no hash of the body',
      error('InvalidRequest', 'Missing required header for this request: x-amz-content-sha256'),
      { cause: 'signature-mismatch', message: expect.stringContaining('contentSha256Header') },
    ],
    [
      'an authorization that is no signature',
      `{"message":"'Bearer' not a valid key=value pair (missing equal-sign) in Authorization header: 'Bearer x'."}`,
      { cause: 'signature-mismatch', message: expect.stringContaining('replaced it') },
    ],
    [
      'a body of unknown length',
      error(
        'NotImplemented',
        'A header you provided implies functionality that is not implemented',
        '<Header>Transfer-Encoding</Header>',
      ),
      { cause: 'not-implemented', message: expect.stringContaining('content-length') },
    ],
    ['an ended URL', error('AccessDenied', 'Request has expired'), { cause: 'url-expired' }],
    ['another body', error('XAmzContentSHA256Mismatch'), { cause: 'signature-mismatch' }],
    ['a mismatch without details', error('SignatureDoesNotMatch'), { cause: 'signature-mismatch' }],
  ])('%s', async (_, body, expected) => {
    expect(await explain(body)).toMatchObject(expected)
  })

  it('chunks, of a store that takes none', async () => {
    const body = error('NotImplemented', 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD not implemented')
    const found = await explain(body, { service: 's3', payload: 'chunks' }, [], 501)
    expect(found).toMatchObject({ cause: 'not-implemented', message: expect.stringContaining("'unsigned'") })
    expect(await explain(body, {}, [], 501)).toBeUndefined()
  })

  it.each([301, 400, 403])('the region of a bucket in a header of %i, without a body', async (status) => {
    const found = await explain('', {}, [['x-amz-bucket-region', 'eu-west-1']], status)
    expect(found).toMatchObject({ cause: 'wrong-region', message: expect.stringContaining('"eu-west-1"') })
    expect(await explain('', {}, [['x-amz-bucket-region', 'us-east-1']], status)).toBeUndefined()
    expect(await explain('', { region: 'auto' }, [['x-amz-bucket-region', 'WEUR']], status)).toBeUndefined()
    const presigned = await explain(
      '',
      { placement: 'query' },
      [['x-amz-bucket-region', 'eu-west-1']],
      status,
    )
    expect(presigned).toMatchObject({ cause: 'wrong-region' })
  })

  it('the endpoint of a bucket', async () => {
    const body = error(
      'PermanentRedirect',
      'Use the endpoint.',
      '<Endpoint>b.s3.eu-west-1.amazonaws.com</Endpoint>',
    )
    expect(await explain(body, {}, [], 301)).toMatchObject({
      cause: 'wrong-region',
      message: expect.stringContaining('b.s3.eu-west-1.amazonaws.com'),
    })
  })

  it('a clock offset that is set already: the measured one is to be added', async () => {
    const body = error('RequestTimeTooSkewed', 'x', '<ServerTime>2026-01-15T12:56:00Z</ServerTime>')
    const found = await explain(body, { clockOffsetMs: 600_000 })
    expect(found).toMatchObject({
      clockOffsetMs: 600_000,
      message: expect.stringContaining('add 600000 to clockOffsetMs'),
    })
  })

  it('entities that are none stay as they are', () => {
    const text = '&#x110000;&#99999999999;&constructor;&__proto__;&#65;'
    const body = bytes(error('SignatureDoesNotMatch', '', `<StringToSign>${text}</StringToSign>`))
    const stages = ['canonical-request', 'string-to-sign']
    const trace = stages.map((id) => ({ step: 'aws-sigv4', id, value: 'x' }))
    const sent = { headers: [], url: '', trace }
    const found = diagnoseAwsSigV4({ status: 403, headers: [], body }, sent as unknown as PreparedRequest)
    expect(found?.differences?.[0]?.expected).toBe(text.replace('&#65;', 'A'))
  })

  it('an unknown route of API Gateway', async () => {
    const headers: Pairs = [['x-amzn-errortype', 'MissingAuthenticationTokenException']]
    expect(await explain('{"message":"Missing Authentication Token"}', {}, headers)).toMatchObject({
      cause: 'signature-mismatch',
    })
  })

  it('a request to slow down', async () => {
    const found = await explain(error('SlowDown'), {}, [['retry-after', '3']], 503)
    expect(found).toMatchObject({ cause: 'throttled', retryAfterMs: 3000 })
  })

  it('headers in the case in which they were saved', async () => {
    const [sent] = await prepared()
    const region: Pairs = [['X-Amz-Bucket-Region', 'eu-west-1']]
    const found = diagnoseAwsSigV4({ status: 403, headers: region, body: bytes('') }, sent)
    expect(found).toMatchObject({ cause: 'wrong-region' })
    const pause: Pairs = [['Retry-After', '3']]
    const slow = diagnoseAwsSigV4({ status: 503, headers: pause, body: bytes(error('SlowDown')) }, sent)
    expect(slow).toMatchObject({ retryAfterMs: 3000 })
  })

  it.each(['', 'plain text', '{"orders":[]}', '{broken', '<html></html>', error('NoSuchKey')])(
    '%j is none of its matters',
    async (body) => {
      expect(await explain(body)).toBeUndefined()
    },
  )

  it('a success is none either', async () => {
    expect(await explain(error('SignatureDoesNotMatch'), {}, [], 200)).toBeUndefined()
  })
})

it('shows no secret, though the service quotes the token', async () => {
  const credentials = {
    accessKeyId: 'AKIDEXAMPLE',
    secretAccessKey: 'a secret of the test',
    sessionToken: 'a token of the test',
  }
  const found = await explain(
    (canonicalRequest, stringToSign) =>
      s3(canonicalRequest.replace('x=1', 'x=2').replace('***', credentials.sessionToken), stringToSign),
    { credentials },
  )
  expect(found?.differences).toHaveLength(1)
  expect(JSON.stringify(found)).not.toContain('of the test')
})
