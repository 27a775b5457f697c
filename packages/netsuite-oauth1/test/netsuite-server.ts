import { EzError } from '@ez/core'
import { HttpResponse, http, type RequestHandler } from 'msw'
import { type VerifiedOAuth1, verifyOAuth1 } from '../src/verify/verify.ts'

const origin = 'https://1234567-sb1.restlets.api.netsuite.com'
const suiteQlUrl = 'https://1234567-sb1.suitetalk.api.netsuite.com/services/rest/query/v1/suiteql'

/** A NetSuite that verifies every request: signature, realm, algorithm, nonce reuse and timestamp. */
export class NetSuiteServer {
  readonly consumer: { consumerKey: string; consumerSecret: string } = {
    consumerKey: 'CONSUMER_KEY_VALUE',
    consumerSecret: 'CONSUMER_SECRET_VALUE',
  }
  readonly accountId: string = '1234567_SB1'
  /** Token secrets by token. */
  readonly tokens: Map<string, string> = new Map()
  readonly verified: VerifiedOAuth1[] = []
  #verifier: string | undefined
  readonly #nonces = new Set<string>()

  /** What the user does at the authorise URL: the answer that comes to the callback. */
  authorize(url: string): { token: string; verifier: string; state: string | null } {
    const parameters = new URL(url).searchParams
    const token = parameters.get('oauth_token') ?? ''
    if (!this.tokens.has(token)) throw new Error('unknown request token')
    this.#verifier = 'verifier-1'
    return { token, verifier: this.#verifier, state: parameters.get('state') }
  }

  readonly handlers: RequestHandler[] = [
    http.post(`${origin}/rest/requesttoken`, (info) =>
      this.#answer(info.request, (verified) => {
        if (!verified.signedNames.includes('oauth_callback'))
          return new HttpResponse('no callback', { status: 400 })
        return this.#issue('request')
      }),
    ),
    http.post(`${origin}/rest/accesstoken`, (info) =>
      this.#answer(info.request, (verified) => {
        const sent = /oauth_verifier="([^"]*)"/.exec(info.request.headers.get('authorization') ?? '')?.[1]
        if (sent !== this.#verifier) return new HttpResponse('wrong verifier', { status: 401 })
        this.tokens.delete(verified.token ?? '')
        return this.#issue('access')
      }),
    ),
    http.get(`${origin}/rest/revoketoken`, (info) =>
      this.#answer(info.request, (verified) => {
        this.tokens.delete(verified.token ?? '')
        return new HttpResponse('')
      }),
    ),
    http.post(suiteQlUrl, (info) =>
      this.#answer(info.request, () => {
        if (info.request.headers.get('prefer') !== 'transient')
          return new HttpResponse('prefer', { status: 400 })
        const { searchParams } = new URL(info.request.url)
        const [limit, offset] = [Number(searchParams.get('limit')), Number(searchParams.get('offset'))]
        const rows = Array.from({ length: 25 }, (_, index) => ({ id: String(index) }))
        const items = rows.slice(offset, offset + limit)
        return HttpResponse.json({
          items,
          count: items.length,
          offset,
          totalResults: 25,
          hasMore: offset + limit < 25,
        })
      }),
    ),
  ]

  async #answer(request: Request, then: (verified: VerifiedOAuth1) => Response): Promise<Response> {
    try {
      const verified = await verifyOAuth1(request, {
        signatureMethods: ['HMAC-SHA256'],
        secretFor: (keyId, token) => {
          const tokenSecret = token === undefined ? '' : this.tokens.get(token)
          if (keyId !== this.consumer.consumerKey || tokenSecret === undefined) return undefined
          return { consumerSecret: this.consumer.consumerSecret, tokenSecret }
        },
        nonceSeen: ({ nonce, timestamp }) => {
          const seen = this.#nonces.has(`${timestamp} ${nonce}`)
          this.#nonces.add(`${timestamp} ${nonce}`)
          return seen
        },
      })
      if (verified.realm !== this.accountId) return refuse('token_rejected')
      this.verified.push(verified)
      return then(verified)
    } catch (error) {
      if (!EzError.isInstance(error)) throw error
      return refuse(error.code === 'EZ_NONCE_SEEN' ? 'nonce_used' : 'token_rejected')
    }
  }

  #issue(kind: string): Response {
    const token = `${kind}-token-${this.tokens.size}`
    this.tokens.set(token, `${kind} secret`)
    return new HttpResponse(
      new URLSearchParams({
        oauth_token: token,
        oauth_token_secret: `${kind} secret`,
        oauth_callback_confirmed: 'true',
      }).toString(),
    )
  }
}

function refuse(problem: string): Response {
  return HttpResponse.json(
    {
      title: 'Unauthorized',
      status: 401,
      'o:errorDetails': [{ detail: 'Invalid login attempt.', 'o:errorCode': 'INVALID_LOGIN' }],
    },
    {
      status: 401,
      headers: {
        'www-authenticate': `OAuth realm="1234567_SB1", error="${problem}"`,
        date: new Date().toUTCString(),
      },
    },
  )
}
