import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AwsCredentials } from '@ez/aws-sigv4'
import { prepare, type SignContext } from '@ez/core'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { startAwsEndpoints } from './support/aws-endpoints.ts'

// The SDK reads home and files once a process: one home for all tests, with a profile for each.
const home = mkdtempSync(join(tmpdir(), 'ez-aws-'))
mkdirSync(join(home, '.aws', 'sso', 'cache'), { recursive: true })
const startUrl = 'https://my-sso.awsapps.example/start'
const secret = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY'
writeFileSync(
  join(home, '.aws', 'config'),
  `[profile plain]
aws_access_key_id = AKIDFILE
aws_secret_access_key = ${secret}
region = eu-west-1
[profile sso]
sso_start_url = ${startUrl}
sso_region = eu-west-1
sso_account_id = 123456789012
sso_role_name = Reader
[profile sso-ended]
sso_start_url = ${startUrl}/ended
sso_region = eu-west-1
sso_account_id = 123456789012
sso_role_name = Reader
[profile role]
role_arn = arn:aws:iam::123456789012:role/of-profile
source_profile = plain
region = eu-west-1
[profile process]
credential_process = ${JSON.stringify(process.execPath)} ${JSON.stringify(join(home, 'process.cjs'))}
[profile bad-process]
credential_process = ${JSON.stringify(process.execPath)} ${JSON.stringify(join(home, 'bad.cjs'))}
`,
)
const expiry = (end: number): string => new Date(end).toISOString()
writeFileSync(
  join(home, 'process.cjs'),
  `console.log(JSON.stringify({ Version: 1, AccessKeyId: 'ASIAPROCESS', SecretAccessKey: '${secret}', SessionToken: 'very-secret-session', Expiration: '${expiry(Date.now() + 3_600_000)}' }))`,
)
writeFileSync(join(home, 'bad.cjs'), "console.error('very-secret-output'); process.exit(3)")
for (const [url, end] of [
  [startUrl, Date.now() + 3_600_000],
  [`${startUrl}/ended`, Date.now() - 1000],
] as const)
  writeFileSync(
    join(home, '.aws', 'sso', 'cache', `${createHash('sha1').update(url).digest('hex')}.json`),
    JSON.stringify({
      startUrl: url,
      region: 'eu-west-1',
      accessToken: 'very-secret-sso-token',
      expiresAt: expiry(end),
    }),
  )
writeFileSync(join(home, 'identity'), 'very-secret-identity')

const context = (now = new Date()): SignContext => ({ now: () => now, nonce: () => 'n' })

type Source = (context: SignContext) => AwsCredentials | Promise<AwsCredentials>

/** `fromAws` of a process that has asked for nothing yet. */
async function fresh(): Promise<typeof import('@ez/aws-sigv4/credentials')> {
  vi.resetModules()
  return import('@ez/aws-sigv4/credentials')
}

beforeEach(() => {
  for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) vi.stubEnv(name, undefined)
  vi.stubEnv('HOME', home)
  vi.stubEnv('USERPROFILE', home)
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true')
})
afterEach(() => {
  vi.unstubAllEnvs()
})

const webIdentity = {
  AWS_WEB_IDENTITY_TOKEN_FILE: join(home, 'identity'),
  AWS_ROLE_ARN: 'arn:aws:iam::123456789012:role/of-pod',
  AWS_REGION: 'eu-west-1',
}
const role = 'arn:aws:iam::123456789012:role/reader'

it.each([
  ['the environment', { AWS_ACCESS_KEY_ID: 'AKIDENV', AWS_SECRET_ACCESS_KEY: secret }, {}, 'AKIDENV', []],
  ['a profile of the files', {}, { profile: 'plain' }, 'AKIDFILE', []],
  ['a credential process', {}, { profile: 'process' }, 'ASIAPROCESS', []],
  ['SSO', { AWS_PROFILE: 'sso' }, {}, 'ASIASSO', ['sso 123456789012 Reader']],
  [
    'a web identity',
    webIdentity,
    {},
    'ASIAWEB',
    ['AssumeRoleWithWebIdentity arn:aws:iam::123456789012:role/of-pod'],
  ],
  ['a container', { AWS_CONTAINER_AUTHORIZATION_TOKEN: 'Basic container-token' }, {}, 'ASIAECS', ['ecs']],
  ["an instance's metadata", { AWS_EC2_METADATA_DISABLED: 'false' }, {}, 'ASIAIMDS', ['imds']],
  [
    'a role of a profile',
    {},
    { profile: 'role' },
    'ASIAROLE',
    ['signed by AKIDFILE', 'AssumeRole arn:aws:iam::123456789012:role/of-profile'],
  ],
  [
    'a role that is assumed with what was found',
    { AWS_CONTAINER_AUTHORIZATION_TOKEN: 'Basic container-token' },
    { roleArn: role, externalId: 'tenant-1', roleSessionName: 's', region: 'eu-west-1' },
    'ASIAROLE',
    ['ecs', 'signed by ASIAECS', `AssumeRole ${role} tenant-1`],
  ],
])('takes credentials from %s, once a process', async (_, env, options, accessKeyId, asked) => {
  const endpoints = await startAwsEndpoints()
  vi.stubEnv('AWS_ENDPOINT_URL_STS', endpoints.url)
  vi.stubEnv('AWS_ENDPOINT_URL_SSO', endpoints.url)
  vi.stubEnv('AWS_EC2_METADATA_SERVICE_ENDPOINT', endpoints.url)
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value)
  if ('AWS_CONTAINER_AUTHORIZATION_TOKEN' in env)
    vi.stubEnv('AWS_CONTAINER_CREDENTIALS_FULL_URI', `${endpoints.url}/ecs`)
  const { fromAws } = await fresh()
  const sources = [fromAws(options) as Source, fromAws({ ...options }) as Source]
  const given = await Promise.all(sources.map((source) => source(context())))
  for (const one of given) expect(one).toMatchObject({ accessKeyId, secretAccessKey: secret })
  await (sources[0] as Source)(context(new Date(Date.now() + 3_000_000)))
  expect(endpoints.asked).toEqual(asked)
  const { awsSigV4 } = await import('@ez/aws-sigv4')
  const prepared = await prepare({
    method: 'GET',
    url: 'https://api.example.com/',
    preRequest: [
      awsSigV4({ service: 'execute-api', region: 'eu-west-1', credentials: sources[1] as Source }),
    ],
  })
  expect(Object.fromEntries(prepared.headers).authorization).toContain(`Credential=${accessKeyId}/`)
  expect(JSON.stringify(prepared.trace)).not.toMatch(/very-secret|wJalrXUtnFEMI/)
})

it('asks again five minutes before credentials end, and uses the old ones while that fails', async () => {
  const endpoints = await startAwsEndpoints()
  endpoints.end = new Date(Date.now() + 360_000)
  vi.stubEnv('AWS_CONTAINER_AUTHORIZATION_TOKEN', 'Basic container-token')
  vi.stubEnv('AWS_CONTAINER_CREDENTIALS_FULL_URI', `${endpoints.url}/ecs`)
  const { fromAws } = await fresh()
  const source = fromAws() as Source
  await source(context())
  await source(context(new Date(Date.now() + 30_000)))
  expect(endpoints.asked).toEqual(['ecs'])
  await source(context(new Date(Date.now() + 61_000)))
  vi.stubEnv('AWS_CONTAINER_CREDENTIALS_FULL_URI', `${endpoints.url}/nowhere`)
  expect(await source(context(new Date(Date.now() + 350_000)))).toMatchObject({ accessKeyId: 'ASIAECS' })
})

it.each([
  [
    'nothing is there',
    {},
    {},
    /EZ_CREDENTIAL_UNAVAILABLE.*Could not load credentials.*aws sts get-caller-identity/,
  ],
  ['the SSO session has ended', {}, { profile: 'sso-ended' }, /EZ_CREDENTIAL_UNAVAILABLE.*aws sso login/],
  ['a profile is not there', {}, { profile: 'nobody' }, /EZ_CREDENTIAL_UNAVAILABLE.*nobody/],
  ['a credential process fails', {}, { profile: 'bad-process' }, /EZ_CREDENTIAL_UNAVAILABLE/],
  [
    'the role may not be assumed',
    { AWS_ACCESS_KEY_ID: 'AKIDENV', AWS_SECRET_ACCESS_KEY: secret },
    { roleArn: 'arn:aws:iam::123456789012:role/forbidden' },
    /EZ_CREDENTIAL_UNAVAILABLE.*not authorized to perform: sts:AssumeRole/,
  ],
])('tells without a secret that there are no credentials where %s', async (_, env, options, message) => {
  const endpoints = await startAwsEndpoints()
  vi.stubEnv('AWS_ENDPOINT_URL_STS', endpoints.url)
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value)
  const { fromAws } = await fresh()
  const error = await Promise.resolve((fromAws(options) as Source)(context())).catch(
    (cause: unknown) => cause,
  )
  const { code, message: text } = error as { code: string; message: string }
  expect(`${code} ${text}`).toMatch(message)
  expect(`${text} ${JSON.stringify(error)}`).not.toMatch(/very-secret|wJalrXUtnFEMI/)
})

it('names the library and how it is installed where it is not', async () => {
  vi.doMock('@aws-sdk/credential-providers', () => {
    throw new Error('Cannot find package')
  })
  const { fromAws } = await fresh()
  try {
    await expect((fromAws() as Source)(context())).rejects.toMatchObject({
      code: 'EZ_PEER_MISSING',
      message: expect.stringContaining('npm install @aws-sdk/credential-providers'),
    })
  } finally {
    vi.doUnmock('@aws-sdk/credential-providers')
  }
})

it.each([
  [{ roleArn: 'reader' }],
  [{ externalId: 'a' }],
  [{ roleArn: role, durationSeconds: 60 }],
  [{ profil: 'a' } as never],
])('refuses %j when it is given', async (options) => {
  const { fromAws } = await import('@ez/aws-sigv4/credentials')
  expect(() => fromAws(options)).toThrow(expect.objectContaining({ code: 'EZ_OPTION_INVALID' }))
})

it("in a request file, takes keys without a grant, and the machine's credentials with one", async () => {
  const { provider } = await import('@ez/aws-sigv4')
  const place = { service: 's3', region: 'eu-west-1' }
  const asked: string[] = []
  const host = {
    file: '/a.yaml',
    allows: () => true,
    check: (grant: string) => void asked.push(grant),
    store: undefined as never,
  }
  provider.create({ ...place, credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: secret } }, host)
  expect(asked).toEqual([])
  provider.create({ ...place, credentials: 'default' }, host)
  provider.create({ ...place, credentials: { profile: 'plain' } }, host)
  expect(asked).toEqual(['credentials', 'credentials'])
})
