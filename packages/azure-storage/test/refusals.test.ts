import { readFileSync } from 'node:fs'
import { type AzureStorageOptions, azureStorage } from '@ez/azure-storage'
import { diagnose, type Pairs, prepare } from '@ez/core'
import { describe, expect, it } from 'vitest'

const credentials = { accountName: 'myaccount', accountKey: 'bXkgYWNjb3VudCBrZXk=' }
const sas: Partial<AzureStorageOptions> = { scheme: 'ServiceSAS', sas: { permissions: 'r' } }
const key: Partial<AzureStorageOptions> = {}
const azurite =
  'Server failed to authenticate the request. Make sure the value of the Authorization header is formed correctly including the signature.'

const xml = (code: string, message: string, detail = ''): string =>
  `<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code><Message>${message}\nRequestId:0</Message>${detail && `<AuthenticationErrorDetail>${detail}</AuthenticationErrorDetail>`}</Error>`

interface Row {
  readonly options: Partial<AzureStorageOptions>
  readonly status: number
  readonly body: string
  readonly headers?: Pairs
  /** Where the answer comes from. */
  readonly source: string
  readonly cause: string
  readonly says: RegExp
}

const learn = 'Microsoft Learn, Common REST API error codes'
// Sent to a live Azurite in azurite.test.ts, which expects these answers.
const captured = 'captured from Azurite 3.37.0 (npm)'
const page = readFileSync(new URL('../../../docs/refusals.md', import.meta.url), 'utf8')
const rows: readonly Row[] = [
  {
    options: key,
    status: 403,
    body: xml('AuthorizationFailure', azurite),
    source: captured,
    cause: 'credential',
    says: /accountName.*accountKey.*clock/,
  },
  {
    options: sas,
    status: 403,
    body: xml('AuthorizationFailure', azurite),
    source: captured,
    cause: 'credential',
    says: /expired.*accountName and accountKey.*stored access policy/,
  },
  {
    options: sas,
    status: 403,
    body: xml(
      'AuthorizationProtocolMismatch',
      'This request is not authorized to perform this operation using this protocol.',
    ),
    source: captured,
    cause: 'credential',
    says: /sas\.protocol/,
  },
  {
    options: sas,
    status: 403,
    body: xml(
      'AuthorizationPermissionMismatch',
      'This request is not authorized to perform this operation using this permission.',
    ),
    source: captured,
    cause: 'credential',
    says: /sas\.permissions/,
  },
  {
    options: sas,
    status: 403,
    body: xml(
      'AuthorizationSourceIPMismatch',
      'This request is not authorized to perform this operation using this source IP.',
    ),
    source: learn,
    cause: 'credential',
    says: /sas\.ip/,
  },
  {
    options: sas,
    status: 403,
    body: xml(
      'AuthorizationServiceMismatch',
      'This request is not authorized to perform this operation using this service.',
    ),
    source: learn,
    cause: 'credential',
    says: /sas\.services/,
  },
  {
    options: sas,
    status: 403,
    body: xml(
      'AuthorizationResourceTypeMismatch',
      'This request is not authorized to perform this operation using this resource type.',
    ),
    source: learn,
    cause: 'credential',
    says: /sas\.resourceTypes/,
  },
  {
    options: sas,
    status: 403,
    body: xml(
      'AuthenticationFailed',
      'Server failed to authenticate the request.',
      'Signature not valid in the specified time frame: Start [a] - Expiry [b] - Current [c]',
    ),
    source: learn,
    cause: 'token-expired',
    says: /expired/,
  },
  {
    options: sas,
    status: 403,
    body: xml(
      'AuthenticationFailed',
      'Server failed to authenticate the request.',
      'Access policy fields can be associated with signature or SAS identifier but not both',
    ),
    source: 'Microsoft Learn, Define a stored access policy',
    cause: 'credential',
    says: /sas\.identifier/,
  },
  {
    options: key,
    status: 403,
    body: xml(
      'KeyBasedAuthenticationNotPermitted',
      'Key based authentication is not permitted on this storage account.',
    ),
    source: learn,
    cause: 'credential',
    says: /does not allow its keys.*UserDelegationSAS/,
  },
  {
    options: key,
    status: 403,
    body: xml(
      'AuthorizationPermissionMismatch',
      'This request is not authorized to perform this operation using this permission.',
    ),
    source: learn,
    cause: 'credential',
    says: /lock or policy/,
  },
  {
    options: key,
    status: 403,
    body: xml('AccountIsDisabled', 'The specified account is disabled.'),
    source: learn,
    cause: 'credential',
    says: /disabled/,
  },
  {
    options: key,
    status: 403,
    body: xml(
      'InsufficientAccountPermissions',
      'The account being accessed does not have sufficient permissions to execute this operation.',
    ),
    source: learn,
    cause: 'credential',
    says: /read-only/,
  },
  {
    options: key,
    status: 400,
    body: xml(
      'InvalidAuthenticationInfo',
      'The authentication information was not provided in the correct format.',
    ),
    source: learn,
    cause: 'credential',
    says: /changes it on the way/,
  },
  {
    options: key,
    status: 401,
    body: xml(
      'NoAuthenticationInformation',
      'Server failed to authenticate the request. Please refer to the information in the www-authenticate header.',
    ),
    source: learn,
    cause: 'credential',
    says: /did not arrive/,
  },
  {
    options: { service: 'table' },
    status: 403,
    body: '{"odata.error":{"code":"AuthenticationFailed","message":{"lang":"en-US","value":"Server failed to authenticate the request."}}}',
    source: 'Microsoft Learn, Table service error codes',
    cause: 'credential',
    says: /accountKey/,
  },
  {
    options: key,
    status: 503,
    headers: [['retry-after', 'Thu, 15 Jan 2026 12:36:10 GMT']],
    body: xml('ServerBusy', 'The server is busy.'),
    source: learn,
    cause: 'throttled',
    says: /busy/,
  },
]

describe('each refusal is explained by its own sentence', () => {
  it.each(
    rows.map((row) => [row.status, /[A-Z]\w+(?=<\/Code>|")/.exec(row.body)?.[0], row.source, row] as const),
  )('%i %s (%s)', async (status, _code, source, { options, body, headers = [], cause, says }) => {
    const signer = azureStorage({ credentials, ...options })
    const url = 'https://myaccount.blob.core.windows.net/c/b'
    const prepared = await prepare({ method: 'GET', url, preRequest: [signer] })
    const response = { status, headers, body: new TextEncoder().encode(body) }
    const told = diagnose(response, prepared, [signer])?.diagnosis
    expect(told).toMatchObject({ cause, message: expect.stringMatching(says) })
    const code = /(?:<Code>|"code":")(\w+)/.exec(body)?.[1] ?? ''
    const row = page
      .split('\n')
      .find((line) => line.includes(`| ${status} \`${code}\` |`) && line.includes(source))
    expect(row, `docs/refusals.md has ${status} ${code} by ${source}`).toBeDefined()
    // Advice on shared access signatures belongs to them alone.
    if (options.scheme === undefined) expect(told?.message).not.toContain('sas.')
  })
})
