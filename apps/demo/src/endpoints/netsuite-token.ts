import { createPublicKey, verify } from 'node:crypto'
import { known } from './accounts.ts'
import { type EndpointContext, json } from './endpoint.ts'
import { IssuedTokens } from './tokens.ts'

/** What the NetSuite token endpoint gave out. */
export const netsuiteTokens: IssuedTokens = new IssuedTokens('', 3600)

/** Where NetSuite gives out tokens. */
export const netsuiteTokenPath = '/services/rest/auth/oauth2/v1/token'

const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

/** A token for a signed assertion, as NetSuite's machine-to-machine flow asks for it. */
export async function giveToken(request: Request, context: EndpointContext): Promise<Response> {
  const form = new URLSearchParams(await request.text())
  if (form.get('grant_type') !== 'client_credentials' || form.get('client_assertion_type') !== assertionType)
    return json(400, { error: 'invalid_request' })
  const audience = `https://${known('netsuite_host')}${netsuiteTokenPath}`
  if (!isAssertion(form.get('client_assertion') ?? '', [audience, context.url], context.now()))
    return json(401, { error: 'invalid_client' })
  return json(200, {
    access_token: netsuiteTokens.issue(context.now()),
    expires_in: String(netsuiteTokens.lifetime),
    token_type: 'Bearer',
  })
}

// RFC 7515 and RFC 7519, by hand: the endpoint shares no code with what signs.
function isAssertion(assertion: string, audiences: readonly (string | undefined)[], now: Date): boolean {
  const [header = '', claims = '', signature = ''] = assertion.split('.')
  const { alg, kid } = decode(header)
  if (alg !== 'ES256' || kid !== known('netsuite_certificate_id')) return false
  const key = { key: createPublicKey(known('netsuite_private_key')), dsaEncoding: 'ieee-p1363' } as const
  const signed = Buffer.from(`${header}.${claims}`)
  if (!verify('sha256', signed, key, Buffer.from(signature, 'base64url'))) return false
  const { iss, aud, iat, exp, scope } = decode(claims)
  const seconds = Math.floor(now.getTime() / 1000)
  return (
    iss === known('netsuite_client_id') &&
    audiences.includes(String(aud)) &&
    scope !== undefined &&
    Number(iat) <= seconds + 60 &&
    Number(exp) > seconds &&
    Number(exp) - Number(iat) < 3600
  )
}

function decode(part: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>
}
