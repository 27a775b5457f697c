const xml = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
const lines = (text: string): string => text.replaceAll('\n', '\\n')

/** A refusal of a service, worked out of what was signed: it differs in one place. */
export interface RefusalExample {
  /** Id of the file of cases. */
  readonly of: string
  readonly title: string
  readonly source: string
  answer(stages: ReadonlyMap<string, string>): string
}

const stage = (stages: ReadonlyMap<string, string>, id: string): string => stages.get(id) ?? ''
const s3Error = (canonical: string, stringToSign: string): string =>
  `HTTP/1.1 403 Forbidden
content-type: application/xml

<?xml version="1.0" encoding="UTF-8"?>
<Error><Code>SignatureDoesNotMatch</Code><Message>The request signature we calculated does not match the signature you provided. Check your key and signing method.</Message><StringToSign>${xml(stringToSign)}</StringToSign><CanonicalRequest>${xml(canonical)}</CanonicalRequest></Error>`

/** Refusals of services that say what they expected, or why they refuse. */
export const refusalExamples: readonly RefusalExample[] = [
  {
    of: 'aws-sigv4',
    title: 'Amazon S3: a proxy changed a header',
    source: 'Amazon S3 API Reference, Error responses',
    answer: (stages) =>
      s3Error(
        stage(stages, 'canonical-request').replace('range:bytes=0-9', 'range:bytes=0-19'),
        stage(stages, 'string-to-sign'),
      ),
  },
  {
    of: 'aws-sigv4-json',
    title: 'API Gateway: the signature has expired',
    source: 'AWS IAM User Guide, Troubleshoot AWS Signature Version 4 requests',
    answer: () =>
      `HTTP/1.1 403 Forbidden
date: Thu, 15 Jan 2026 13:36:00 GMT
content-type: application/json

{"message":"Signature expired: 20260115T123600Z is now earlier than 20260115T133100Z (20260115T133600Z - 5 min.)"}`,
  },
  {
    of: 'cosmos-auth',
    title: 'Cosmos DB: the case of a name differs',
    source: 'Microsoft Learn, Access control on Azure Cosmos DB resources',
    answer: (stages) =>
      `HTTP/1.1 401 Unauthorized
content-type: application/json

{"code":"Unauthorized","message":"The input authorization token can't serve the request. Please check that the expected payload is built as per the protocol, and check the key being used. Server used the following payload to sign: '${lines(stage(stages, 'string-to-sign').replace('ToDoList', 'todolist'))}'"}`,
  },
  {
    of: 'azure-storage',
    title: 'Azure Storage: a header was added on the way',
    source: 'Microsoft Learn, Common REST API error codes',
    answer: (stages) =>
      `HTTP/1.1 403 Forbidden
content-type: application/xml

<?xml version="1.0" encoding="utf-8"?><Error><Code>AuthenticationFailed</Code><Message>Server failed to authenticate the request. Make sure the value of Authorization header is formed correctly including the signature.</Message><AuthenticationErrorDetail>The MAC signature found in the HTTP request is not the same as any computed signature. Server used following string to sign: '${xml(stage(stages, 'string-to-sign').replace('text/plain; charset=UTF-8', 'text/plain;charset=utf-8'))}'.</AuthenticationErrorDetail></Error>`,
  },
  {
    of: 'netsuite-oauth1',
    title: 'NetSuite: the login is refused',
    source: 'github.com/jacobsvante/netsuite issue 27',
    answer: () =>
      `HTTP/1.1 401 Unauthorized
content-type: application/json

{"type":"https://www.rfc-editor.org/rfc/rfc9110.html#section-15.5.2","title":"Unauthorized","status":401,"o:errorDetails":[{"detail":"Invalid login attempt. For more details, see the Login Audit Trail in the NetSuite UI at Setup > Users/Roles > User Management > View Login Audit Trail.","o:errorCode":"INVALID_LOGIN"}]}`,
  },
  {
    of: 'tencent-cloud',
    title: 'Tencent Cloud: the timestamp is too old',
    source: 'Tencent Cloud API 3.0, Signature v3',
    answer: () =>
      '{"Response":{"Error":{"Code":"AuthFailure.SignatureExpire","Message":"The provided credential has expired."},"RequestId":"0"}}',
  },
  {
    of: 'alibaba-cloud',
    title: 'Alibaba Cloud: another signature',
    source: 'Alibaba Cloud OpenAPI, error codes',
    answer: () =>
      '{"RequestId":"0","HostId":"ecs.cn-shanghai.aliyuncs.com","Code":"SignatureDoesNotMatch","Message":"Specified signature is not matched with our calculation."}',
  },
  {
    of: 'bybit',
    title: 'Bybit: the clock',
    source: 'Bybit V5, error codes',
    answer: () =>
      '{"retCode":10002,"retMsg":"invalid request, please check your server timestamp or recv_window param"}',
  },
  {
    of: 'kraken',
    title: 'Kraken: the nonce',
    source: 'Kraken, Spot REST errors',
    answer: () => '{"error":["EAPI:Invalid nonce"]}',
  },
  {
    of: 'akamai-edgegrid',
    title: 'Akamai: the signature does not match',
    source: 'Akamai, Authenticate with EdgeGrid',
    answer: () =>
      'HTTP/1.1 401 Unauthorized\ncontent-type: application/problem+json\n\n{"title":"Not authorized","status":401,"detail":"The signature does not match"}',
  },
]
