/// <reference types="@ez/javascript/script" />

// NetSuite token-based authentication (OAuth 1.0a with HMAC-SHA256, RFC 5849) as a pre-request script.

// What encodeURIComponent leaves of RFC 3986's reserved characters.
const encode = (text) =>
  encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )

const oauth = [
  ['oauth_consumer_key', variables.netsuite_consumer_key],
  ['oauth_nonce', context.nonce()],
  ['oauth_signature_method', 'HMAC-SHA256'],
  ['oauth_timestamp', String(Math.floor(context.now().getTime() / 1000))],
  ['oauth_token', variables.netsuite_token],
  ['oauth_version', '1.0'],
]

// The query is signed along with the protocol parameters, sorted by what is encoded.
const parameters = [...oauth, ...request.query.entries()]
  .map((pair) => pair.map(encode))
  .sort(([leftName, leftValue], [rightName, rightValue]) =>
    `${leftName} ${leftValue}` < `${rightName} ${rightValue}` ? -1 : 1,
  )
  .map((pair) => pair.join('='))
  .join('&')
const baseString = [request.method, request.url, parameters].map(encode).join('&')
context.log(`base string: ${baseString}`)

const key = `${encode(variables.netsuite_consumer_secret)}&${encode(variables.netsuite_token_secret)}`
oauth.push(['oauth_signature', crypto.hmac('sha256', key, baseString, 'base64')])

const signed = oauth.map(([name, value]) => `${name}="${encode(value)}"`).join(', ')
request.headers.set('authorization', `OAuth realm="${variables.netsuite_account}", ${signed}`)
