import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { verifyAwsSigV4 } from '@ez/aws-sigv4/verify'
import { onTestFinished } from 'vitest'

/** What the endpoints were asked, by kind, and what they accept. */
export interface AwsEndpoints {
  readonly url: string
  readonly asked: string[]
  /** When the credentials that they give end. */
  end: Date
}

const secretAccessKey = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY'

/** Instance metadata, container credentials, SSO and the Security Token Service, on loopback. */
export async function startAwsEndpoints(): Promise<AwsEndpoints> {
  const state = { asked: [] as string[], end: new Date(Date.now() + 3_600_000) }
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const [status, body] = await answer(request, Buffer.concat(chunks), state)
    response.writeHead(status, { 'content-type': body.startsWith('<') ? 'text/xml' : 'application/json' })
    response.end(body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return Object.assign(state, { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` })
}

type Answer = readonly [status: number, body: string]

async function answer(
  request: IncomingMessage,
  body: Buffer,
  { asked, end }: { asked: string[]; end: Date },
): Promise<Answer> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://127.0.0.1')
  const { headers, method } = request
  const refuse = (): Answer => [401, '{}']
  switch (`${method} ${pathname}`) {
    case 'PUT /latest/api/token':
      return [200, 'metadata-token']
    case 'GET /latest/meta-data/iam/security-credentials/':
      return headers['x-aws-ec2-metadata-token'] === 'metadata-token' ? [200, 'instance-role'] : refuse()
    case 'GET /latest/meta-data/iam/security-credentials/instance-role':
      if (headers['x-aws-ec2-metadata-token'] !== 'metadata-token') return refuse()
      asked.push('imds')
      return [200, JSON.stringify({ Code: 'Success', ...container('ASIAIMDS', end) })]
    case 'GET /ecs':
      if (headers.authorization !== 'Basic container-token') return refuse()
      asked.push('ecs')
      return [200, JSON.stringify(container('ASIAECS', end))]
    case 'GET /federation/credentials':
      if (headers['x-amz-sso_bearer_token'] !== 'very-secret-sso-token') return refuse()
      asked.push(`sso ${searchParams.get('account_id')} ${searchParams.get('role_name')}`)
      return [
        200,
        JSON.stringify({
          roleCredentials: {
            accessKeyId: 'ASIASSO',
            secretAccessKey,
            sessionToken: 'very-secret-session',
            expiration: end.getTime(),
          },
        }),
      ]
    case 'POST /':
      return sts(request, body, asked, end)
  }
  return [404, '{}']
}

const container = (accessKeyId: string, end: Date): object => ({
  AccessKeyId: accessKeyId,
  SecretAccessKey: secretAccessKey,
  Token: 'very-secret-session',
  Expiration: end.toISOString(),
})

async function sts({ headers }: IncomingMessage, body: Buffer, asked: string[], end: Date): Promise<Answer> {
  const form = new URLSearchParams(body.toString())
  const action = form.get('Action')
  let name = 'ASIAROLE'
  if (action === 'AssumeRoleWithWebIdentity') {
    if (form.get('WebIdentityToken') !== 'very-secret-identity') return denied('InvalidIdentityToken')
    name = 'ASIAWEB'
  } else {
    if (form.get('RoleArn')?.endsWith('/forbidden'))
      return denied(
        'AccessDenied',
        'User: arn:aws:iam::123456789012:user/u is not authorized to perform: sts:AssumeRole',
      )
    const { keyId } = await verifyAwsSigV4(
      new Request(`http://${headers.host}/`, {
        method: 'POST',
        headers: Object.entries(headers).map(([name, value]): [string, string] => [name, String(value)]),
        body: new Uint8Array(body),
      }),
      {
        service: 'sts',
        secretFor: (keyId) => ({
          secretAccessKey,
          ...(keyId.startsWith('ASIA') && { sessionToken: 'very-secret-session' }),
        }),
      },
    )
    asked.push(`signed by ${keyId}`)
  }
  asked.push(`${action} ${form.get('RoleArn')} ${form.get('ExternalId') ?? ''}`.trim())
  return [
    200,
    `<${action}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><${action}Result><Credentials><AccessKeyId>${name}</AccessKeyId><SecretAccessKey>${secretAccessKey}</SecretAccessKey><SessionToken>very-secret-session</SessionToken><Expiration>${end.toISOString()}</Expiration></Credentials></${action}Result></${action}Response>`,
  ]
}

const denied = (code: string, message = 'no'): Answer => [
  403,
  `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`,
]
