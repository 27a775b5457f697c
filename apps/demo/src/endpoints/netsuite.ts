import { verifyOAuth1 } from '@ez/netsuite-oauth1/verify'
import { known, secretsOfNetSuite } from './accounts.ts'
import { type Endpoint, json, refusalOf } from './endpoint.ts'
import { giveToken, netsuiteTokenPath, netsuiteTokens } from './netsuite-token.ts'

const toleranceSeconds = 300
const usedNonces = new Set<string>()

/** NetSuite: SuiteQL and a RESTlet. */
export const netsuite: Endpoint = {
  vendor: 'NetSuite',
  hosts: [known('netsuite_host'), known('netsuite_restlet_host')],
  paths: /^\/(?:services\/rest|app\/site\/hosting)\//,
  async answer(request, context) {
    const { pathname } = new URL(request.url)
    if (pathname === netsuiteTokenPath) return giveToken(request, context)
    const isRestlet = pathname === '/app/site/hosting/restlet.nl'
    const bearer = /^Bearer (.+)$/.exec(request.headers.get('authorization') ?? '')?.[1]
    if (bearer !== undefined) {
      if (!netsuiteTokens.isGood(bearer, context.now()))
        return isRestlet ? restletRefusal() : restRefusal('Bearer error="invalid_token"')
      return serve(request, isRestlet)
    }
    try {
      const { realm } = await verifyOAuth1(request.clone(), {
        secretFor: secretsOfNetSuite,
        signatureMethods: ['HMAC-SHA256'],
        now: context.now,
        maxSkewSeconds: toleranceSeconds,
        nonceSeen: ({ token, nonce, timestamp }) => {
          const use = `${token} ${timestamp} ${nonce}`
          const isUsed = usedNonces.has(use)
          usedNonces.add(use)
          return isUsed
        },
        ...(context.url === undefined ? {} : { url: context.url }),
      })
      // A realm in lower case, or of another account, is an invalid login.
      if (realm !== known('netsuite_account')) return isRestlet ? restletRefusal() : restRefusal()
      return await serve(request, isRestlet)
    } catch (error) {
      refusalOf(error)
      // The reason shows in the account's login audit trail only.
      return isRestlet ? restletRefusal() : restRefusal()
    }
  },
}

async function serve(request: Request, isRestlet: boolean): Promise<Response> {
  const body = (await request.json()) as Record<string, unknown>
  return isRestlet ? runRestlet(body) : runQuery(request, body)
}

function runQuery(request: Request, { q }: Record<string, unknown>): Response {
  if (request.headers.get('prefer') !== 'transient')
    return restError(
      400,
      'Bad Request',
      'INVALID_HEADER',
      'The required request header Prefer: transient is missing.',
    )
  if (typeof q !== 'string')
    return restError(400, 'Bad Request', 'INVALID_PARAMETER', 'The query parameter q is missing.')
  const { searchParams } = new URL(request.url)
  const offset = Number(searchParams.get('offset') ?? 0)
  return json(200, {
    links: [{ rel: 'self', href: request.url }],
    count: 1,
    hasMore: false,
    items: [{ links: [], id: '107', email: 'zoe@example.com' }],
    offset,
    totalResults: 1,
  })
}

function runRestlet({ recordtype, externalId }: Record<string, unknown>): Response {
  return json(200, { recordtype, externalId, id: 1042, success: true })
}

const loginFailure = 'Invalid login attempt.'

function restRefusal(challenged: string = challenge()): Response {
  return restError(
    401,
    'Unauthorized',
    'INVALID_LOGIN',
    `${loginFailure} For more details, see the Login Audit Trail in the NetSuite UI at Setup > Users/Roles > User Management > View Login Audit Trail.`,
    { 'www-authenticate': challenged },
  )
}

function restError(
  status: number,
  title: string,
  code: string,
  detail: string,
  headers: Record<string, string> = {},
): Response {
  const type = `https://www.rfc-editor.org/rfc/rfc9110.html#name-${status}-${title.toLowerCase().replace(' ', '-')}`
  const body = { type, title, status, 'o:errorDetails': [{ detail, 'o:errorCode': code }] }
  return json(status, body, {
    'content-type': 'application/vnd.oracle.resource+json; type=error',
    ...headers,
  })
}

function restletRefusal(): Response {
  const error = { code: 'INVALID_LOGIN_ATTEMPT', message: loginFailure }
  return json(401, { error }, { 'www-authenticate': challenge() })
}

function challenge(): string {
  return `OAuth realm="${known('netsuite_account')}", error="token_rejected", error_description="${loginFailure}"`
}
