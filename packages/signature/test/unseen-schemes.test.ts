import { constants, createHash, createHmac, generateKeyPairSync, sign as signWith, verify } from 'node:crypto'
import { type ResolvedRequest, signRequest } from '@ez/core'
import { utf8 } from '@ez/core/crypto'
import { expect, test } from 'vitest'
import { defineSignature, type SignatureDescription } from '../src/index.ts'

// Schemes of which no case is published: each is described from its documentation, and compared with the same written by
// hand with Node's crypto.
const now = new Date('2026-01-15T12:36:00.123Z')
const [seconds, milliseconds] = ['1768480560', '1768480560123']
const nonce = 'q7Lh2mZx9Rw4Ks8Vb3Nc6Td1Yf5Gj0Pe'
const secret = 'c2VjcmV0IGtleSBvZiBhIHRlc3Q='
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const privateKey = rsa.privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64')
const json = '{"id":1,"name":"ä"}'

const hmac = (hash: string, key: string | Buffer, text: string, encoding: 'hex' | 'base64' = 'hex'): string =>
  createHmac(hash, key).update(text).digest(encoding)
const sha = (name: string, text: string, encoding: 'hex' | 'base64' = 'hex'): string =>
  createHash(name).update(text).digest(encoding)

interface Sent {
  readonly headers: Readonly<Record<string, string>>
  readonly url: string
  readonly body: string
}

async function send(
  description: SignatureDescription,
  options: object,
  method: string,
  url: string,
  body = '',
  headers: [string, string][] = [],
): Promise<Sent> {
  const step = defineSignature(description).create(options as never)
  const request = { method, url, headers, ...(body !== '' && { body: utf8(body) }) }
  const sent: ResolvedRequest = await signRequest(request, [step], { clock: () => now, nonce: () => nonce })
  return {
    headers: Object.fromEntries(sent.headers),
    url: sent.url,
    body: sent.body === null ? '' : Buffer.from(sent.body as Uint8Array).toString(),
  }
}

test('Azure App Configuration: values without names, a key in base64', async () => {
  const { headers } = await send(
    {
      id: 'app-configuration',
      options: { credential: 'credential', secret: 'secret' },
      time: { date: 'http' },
      stages: {
        'content-hash': '{body|sha256|base64}',
        'string-to-sign': { lines: ['{method}', '{target}', '{date};{host};{content-hash}'] },
      },
      signature: { hmac: 'sha256', key: 'secret|from-base64', of: 'string-to-sign', as: 'base64' },
      writes: {
        headers: {
          'x-ms-date': '{date}',
          'x-ms-content-sha256': '{content-hash}',
          authorization: {
            prefix: 'HMAC-SHA256 ',
            with: '&',
            pairs: {
              Credential: '{credential}',
              SignedHeaders: 'x-ms-date;host;x-ms-content-sha256',
              Signature: '{signature}',
            },
          },
        },
      },
    },
    { credential: 'id', secret },
    'PUT',
    'https://a.azconfig.io:444/kv/x%20y?label=*&api-version=1.0',
    json,
  )
  const hash = sha('sha256', json, 'base64')
  const text = `PUT\n/kv/x%20y?label=*&api-version=1.0\nThu, 15 Jan 2026 12:36:00 GMT;a.azconfig.io:444;${hash}`
  const signature = hmac('sha256', Buffer.from(secret, 'base64'), text, 'base64')
  expect(headers.authorization).toBe(
    `HMAC-SHA256 Credential=id&SignedHeaders=x-ms-date;host;x-ms-content-sha256&Signature=${signature}`,
  )
})

test('Azure Event Grid: the signed text travels in the token, a culture date, lower-case escapes', async () => {
  const { headers } = await send(
    {
      id: 'event-grid',
      options: { secret: 'secret' },
      time: { expiry: { pattern: 'M/d/yyyy h:mm:ss a', plus: 3600 } },
      stages: { text: 'r={url|percent|lower-escapes}&e={expiry|form|lower-escapes}' },
      signature: { hmac: 'sha256', key: 'secret|from-base64', of: 'text', as: 'base64' },
      writes: { headers: { 'aeg-sas-token': '{text}&s={signature|percent|lower-escapes}' } },
    },
    { secret },
    'POST',
    'https://t.eventgrid.azure.net/api/events',
    '[]',
  )
  const lower = (text: string): string =>
    encodeURIComponent(text).replace(/%../g, (found) => found.toLowerCase())
  const text = `r=${lower('https://t.eventgrid.azure.net/api/events')}&e=${lower('1/15/2026 1:36:00 PM').replaceAll('%20', '+')}`
  const signature = hmac('sha256', Buffer.from(secret, 'base64'), text, 'base64')
  expect(headers['aeg-sas-token']).toBe(`${text}&s=${lower(signature)}`)
})

test('OKX: an instant with milliseconds, target and body', async () => {
  const description = {
    id: 'okx',
    options: { apiKey: 'credential', secret: 'secret', passphrase: 'token' },
    time: { timestamp: 'iso-ms' },
    signature: { hmac: 'sha256', key: 'secret', of: '{timestamp}{method}{target}{body}', as: 'base64' },
    writes: {
      headers: {
        'ok-access-key': '{apiKey}',
        'ok-access-sign': '{signature}',
        'ok-access-timestamp': '{timestamp}',
        'ok-access-passphrase': '{passphrase}',
      },
    },
  } as const
  const options = { apiKey: 'k', secret, passphrase: 'p' }
  for (const [method, target, body] of [
    ['GET', '/api/v5/account/balance?ccy=BTC', ''],
    ['POST', '/api/v5/trade/order', json],
  ] as const) {
    const { headers } = await send(description, options, method, `https://www.okx.com${target}`, body)
    expect(headers['ok-access-sign']).toBe(
      hmac('sha256', secret, `2026-01-15T12:36:00.123Z${method}${target}${body}`, 'base64'),
    )
  }
})

test('Bitstamp: the content type is left out where there is no body; the nonce is a UUID', async () => {
  const description = {
    id: 'bitstamp',
    options: { apiKey: 'credential', secret: 'secret' },
    time: { timestamp: 'unix-ms' },
    stages: {
      id: '{nonce|uuid}',
      type: { when: { body: 'present' }, then: '{header:content-type}', else: '' },
      text: 'BITSTAMP {apiKey}{method}{host}{path}{search}{type}{id}{timestamp}v2{body}',
    },
    signature: { hmac: 'sha256', key: 'secret', of: 'text', as: 'hex' },
    writes: {
      headers: {
        'x-auth': 'BITSTAMP {apiKey}',
        'x-auth-signature': '{signature}',
        'x-auth-nonce': '{id}',
        'x-auth-timestamp': '{timestamp}',
        'x-auth-version': 'v2',
      },
    },
  } as const
  const form = 'application/x-www-form-urlencoded'
  for (const [body, type] of [
    ['', ''],
    ['a=1', form],
  ] as const) {
    const { headers } = await send(
      description,
      { apiKey: 'k', secret },
      'POST',
      'https://www.bitstamp.net/api/v2/balance/?x=1',
      body,
      type === '' ? [] : [['content-type', type]],
    )
    expect(headers['x-auth-nonce']).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
    const text = `BITSTAMP kPOSTwww.bitstamp.net/api/v2/balance/?x=1${type}${headers['x-auth-nonce']}${milliseconds}v2${body}`
    expect(headers['x-auth-signature']).toBe(hmac('sha256', secret, text))
  }
})

test('Shopee: a tail by the kind of call, in the query', async () => {
  const description = {
    id: 'shopee',
    options: { partnerId: 'credential', partnerKey: 'secret', token: 'token?', shopId: 'text?' },
    time: { timestamp: 'unix' },
    stages: { base: '{partnerId}{path}{timestamp}{token}{shopId}' },
    signature: { hmac: 'sha256', key: 'partnerKey', of: 'base', as: 'hex' },
    writes: {
      query: {
        partner_id: '{partnerId}',
        timestamp: '{timestamp}',
        'access_token?': '{token}',
        'shop_id?': '{shopId}',
        sign: '{signature}',
      },
    },
  } as const
  const url = 'https://partner.shopeemobile.com/api/v2/shop/get'
  const shop = await send(
    description,
    { partnerId: '1', partnerKey: secret, token: 't+/', shopId: 7 },
    'GET',
    url,
  )
  const ofShop = hmac('sha256', secret, `1/api/v2/shop/get${seconds}t+/7`)
  expect(shop.url).toBe(
    `${url}?partner_id=1&timestamp=${seconds}&access_token=t%2B%2F&shop_id=7&sign=${ofShop}`,
  )
  const open = await send(description, { partnerId: '1', partnerKey: secret }, 'GET', url)
  expect(open.url).toBe(
    `${url}?partner_id=1&timestamp=${seconds}&sign=${hmac('sha256', secret, `1/api/v2/shop/get${seconds}`)}`,
  )
})

test('Coupang: a year of two digits, the query without its mark', async () => {
  const { headers } = await send(
    {
      id: 'coupang',
      options: { accessKey: 'credential', secretKey: 'secret' },
      time: { datetime: { pattern: "yyMMdd'T'HHmmss'Z'" } },
      stages: { message: '{datetime}{method}{path}{query}' },
      signature: { hmac: 'sha256', key: 'secretKey', of: 'message', as: 'hex' },
      writes: {
        headers: {
          authorization: {
            prefix: 'CEA ',
            pairs: {
              algorithm: 'HmacSHA256',
              'access-key': '{accessKey}',
              'signed-date': '{datetime}',
              signature: '{signature}',
            },
          },
        },
      },
    },
    { accessKey: 'k', secretKey: secret },
    'GET',
    'https://api-gateway.coupang.com/v2/orders?status=ACCEPT&page=2',
  )
  const signature = hmac('sha256', secret, '260115T123600ZGET/v2/ordersstatus=ACCEPT&page=2')
  expect(headers.authorization).toBe(
    `CEA algorithm=HmacSHA256, access-key=k, signed-date=260115T123600Z, signature=${signature}`,
  )
})

test('Walmart: RSA by a key without its armour, a line feed at the end', async () => {
  const { headers } = await send(
    {
      id: 'walmart',
      options: { consumer: 'credential', privateKey: 'secret' },
      time: { timestamp: 'unix-ms' },
      stages: { text: '{consumer}\n{url}\n{method}\n{timestamp}\n' },
      signature: { sign: 'rsa-sha256', key: 'privateKey', of: 'text', as: 'base64' },
      writes: {
        headers: {
          'wm_consumer.id': '{consumer}',
          'wm_consumer.intimestamp': '{timestamp}',
          'wm_sec.auth_signature': '{signature}',
        },
      },
    },
    { consumer: 'c', privateKey },
    'GET',
    'https://marketplace.walmartapis.com/v3/feeds?limit=1',
  )
  const text = `c\nhttps://marketplace.walmartapis.com/v3/feeds?limit=1\nGET\n${milliseconds}\n`
  expect(headers['wm_sec.auth_signature']).toBe(
    signWith('sha256', Buffer.from(text), rsa.privateKey).toString('base64'),
  )
})

test('Visa: the path without the product, the query sorted', async () => {
  const { headers } = await send(
    {
      id: 'visa',
      options: { secret: 'secret', product: 'text' },
      time: { timestamp: 'unix' },
      lists: { parameters: { of: 'query', read: 'raw' } },
      stages: {
        text: [
          '{timestamp}',
          '{path|after:$product}',
          { each: 'parameters', write: '{name}={value}', with: '&' },
          '{body}',
        ],
      },
      signature: { hmac: 'sha256', key: 'secret', of: 'text', as: 'hex' },
      writes: { headers: { 'x-pay-token': 'xv2:{timestamp}:{signature}' } },
    },
    { secret, product: '/vdp/' },
    'POST',
    'https://sandbox.api.visa.com/vdp/helloworld?b=2&apikey=k',
    json,
  )
  const signature = hmac('sha256', secret, `${seconds}helloworldapikey=k&b=2${json}`)
  expect(headers['x-pay-token']).toBe(`xv2:${seconds}:${signature}`)
})

test('Alipay: sorted fields, decoded, empty ones dropped, the time of +08:00, in the form', async () => {
  const { body } = await send(
    {
      id: 'alipay',
      options: { appId: 'credential', privateKey: 'secret' },
      time: { timestamp: { pattern: 'yyyy-MM-dd HH:mm:ss', zone: '+08:00' } },
      lists: { fields: { of: 'form', drop: 'empty' } },
      stages: { content: { each: 'fields', write: '{name}={value}', with: '&' } },
      signature: { sign: 'rsa-sha256', key: 'privateKey', of: 'content', as: 'base64' },
      writes: {
        form: { app_id: '{appId}', timestamp: '{timestamp}', sign_type: 'RSA2', sign: '{signature}' },
      },
    },
    { appId: '2026', privateKey },
    'POST',
    'https://openapi.alipay.com/gateway.do',
    'method=alipay.trade.query&biz_content=%7B%22a%22%3A1%7D&notify_url=',
    [['content-type', 'application/x-www-form-urlencoded']],
  )
  const text =
    'app_id=2026&biz_content={"a":1}&method=alipay.trade.query&sign_type=RSA2&timestamp=2026-01-15 20:36:00'
  const signature = signWith('sha256', Buffer.from(text), rsa.privateKey).toString('base64')
  expect(new URLSearchParams(body).get('sign')).toBe(signature)
})

test('Ably: members of the JSON body, absent ones as empty lines, the MAC among them', async () => {
  const { body } = await send(
    {
      id: 'ably',
      options: { keyName: 'credential', keySecret: 'secret' },
      time: { timestamp: 'unix-ms' },
      stages: {
        text: '{json:/keyName}\n{json:/ttl?}\n{json:/capability?}\n{json:/clientId?}\n{json:/timestamp}\n{json:/nonce}\n',
      },
      signature: { hmac: 'sha256', key: 'keySecret', of: 'text', as: 'base64' },
      writes: {
        json: {
          '/keyName': '{keyName}',
          '/timestamp': '{timestamp}',
          '/nonce': '{nonce}',
          '/mac': '{signature}',
        },
      },
    },
    { keyName: 'app.key', keySecret: secret },
    'POST',
    'https://rest.ably.io/keys/app.key/requestToken',
    '{"ttl":3600000,"capability":"{\\"*\\":[\\"*\\"]}"}',
    [['content-type', 'application/json']],
  )
  const text = `app.key\n3600000\n{"*":["*"]}\n\n${milliseconds}\n${nonce}\n`
  expect(JSON.parse(body)).toMatchObject({ keyName: 'app.key', mac: hmac('sha256', secret, text, 'base64') })
})

test('Amazon Pay: RSA-PSS with a salt of 32, which can only be verified', async () => {
  const description = {
    id: 'amazon-pay',
    options: { keyId: 'credential', privateKey: 'secret' },
    time: { date: 'iso-basic' },
    lists: {
      parameters: { of: 'query', name: 'percent', value: 'percent' },
      signed: {
        of: 'headers',
        only: ['accept', 'content-type', 'x-amz-pay-*'],
        name: 'lower',
        value: 'trim|collapse',
      },
    },
    stages: {
      names: { each: 'signed', write: '{name}', with: ';' },
      canonical: {
        lines: [
          '{method}',
          '{path}',
          { each: 'parameters', write: '{name}={value}', with: '&' },
          { each: 'signed', write: '{name}:{value}', end: '\n' },
          '{names}',
          '{body|sha256|hex}',
        ],
      },
      'string-to-sign': { lines: ['AMZN-PAY-RSASSA-PSS-V2', '{canonical|sha256|hex}'] },
    },
    signature: { sign: 'rsa-pss-sha256', salt: 32, key: 'privateKey', of: 'string-to-sign', as: 'base64' },
    writes: {
      headers: {
        'x-amz-pay-date': '{date}',
        authorization: {
          prefix: 'AMZN-PAY-RSASSA-PSS-V2 ',
          pairs: { PublicKeyId: '{keyId}', SignedHeaders: '{names}', Signature: '{signature}' },
        },
      },
    },
  } as const
  const { headers } = await send(
    description,
    { keyId: 'K', privateKey },
    'POST',
    'https://pay-api.amazon.com/v2/checkoutSessions?b=1',
    json,
    [
      ['accept', 'application/json'],
      ['content-type', 'application/json'],
      ['x-amz-pay-region', 'us  east'],
    ],
  )
  const names = 'accept;content-type;x-amz-pay-date;x-amz-pay-region'
  const lines =
    'accept:application/json\ncontent-type:application/json\nx-amz-pay-date:20260115T123600Z\nx-amz-pay-region:us east\n'
  const canonical = `POST\n/v2/checkoutSessions\nb=1\n${lines}\n${names}\n${sha('sha256', json)}`
  const text = `AMZN-PAY-RSASSA-PSS-V2\n${sha('sha256', canonical)}`
  const [, told, signature = ''] =
    /SignedHeaders=(.*), Signature=(.*)$/.exec(headers.authorization ?? '') ?? []
  expect(told).toBe(names)
  const key = { key: rsa.publicKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }
  expect(verify('sha256', Buffer.from(text), key, Buffer.from(signature, 'base64'))).toBe(true)
})

test('Duo v5: names and values joined by NUL, hashes in the middle', async () => {
  const { headers } = await send(
    {
      id: 'duo-v5',
      options: { ikey: 'credential', skey: 'secret' },
      time: { date: { pattern: "EEE, dd MMM yyyy HH:mm:ss '-0000'" } },
      lists: {
        parameters: { of: 'query', name: 'percent', value: 'percent' },
        own: { of: 'headers', only: 'x-duo-*' },
      },
      stages: {
        text: {
          lines: [
            '{date}',
            '{method}',
            '{host|lower}',
            '{path}',
            { each: 'parameters', write: '{name}={value}', with: '&' },
            '{body|sha512|hex}',
            { each: 'own', write: '{name|lower}\0{value}', with: '\0', as: 'sha512|hex' },
          ],
        },
      },
      signature: { hmac: 'sha512', key: 'skey', of: 'text', as: 'hex' },
      writes: { headers: { 'x-date': '{date}', authorization: { basic: ['{ikey}', '{signature}'] } } },
    },
    { ikey: 'DI', skey: secret },
    'POST',
    'https://api-1.duosecurity.com/admin/v2/x?b=%20&a=1',
    json,
    [
      ['x-duo-b', '2'],
      ['x-duo-a', '1'],
    ],
  )
  const text = [
    'Thu, 15 Jan 2026 12:36:00 -0000',
    'POST',
    'api-1.duosecurity.com',
    '/admin/v2/x',
    'a=1&b=%20',
    sha('sha512', json),
    sha('sha512', 'x-duo-a\x001\0x-duo-b\x002'),
  ].join('\n')
  const basic = Buffer.from(`DI:${hmac('sha512', secret, text)}`).toString('base64')
  expect(headers.authorization).toBe(`Basic ${basic}`)
})

test('CloudFront: three cookies, an alphabet of its own', async () => {
  const policy = '{"Statement":[{"Resource":"https://d1.cloudfront.net/*"}]}'
  const { headers } = await send(
    {
      id: 'cloudfront',
      options: { keyId: 'credential', privateKey: 'secret', policy: 'text' },
      signature: {
        sign: 'rsa-sha1',
        key: 'privateKey',
        of: 'policy',
        as: 'base64|replace:+:-|replace:%3D:_|replace:/:~',
      },
      writes: {
        cookies: {
          'CloudFront-Policy': '{policy|base64|replace:+:-|replace:%3D:_|replace:/:~}',
          'CloudFront-Signature': '{signature}',
          'CloudFront-Key-Pair-Id': '{keyId}',
        },
      },
    },
    { keyId: 'K1', privateKey, policy },
    'GET',
    'https://d1.cloudfront.net/a.mp4',
    '',
    [['cookie', 'session=1']],
  )
  const own = (bytes: Buffer): string =>
    bytes.toString('base64').replace(/[+=/]/g, (one) => ({ '+': '-', '=': '_', '/': '~' })[one] as string)
  expect(headers.cookie?.split('; ').sort()).toEqual([
    'CloudFront-Key-Pair-Id=K1',
    `CloudFront-Policy=${own(Buffer.from(policy))}`,
    `CloudFront-Signature=${own(signWith('sha1', Buffer.from(policy), rsa.privateKey))}`,
    'session=1',
  ])
})
