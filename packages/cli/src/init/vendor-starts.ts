import type { Start } from './start.ts'

interface Vendor {
  readonly use: string
  readonly alias?: string
  readonly title: string
  readonly name: string
  readonly method?: string
  readonly url: string
  readonly body?: Start['value']['body']
  /** Options, with the variables that they take. */
  readonly options: Readonly<Record<string, unknown>>
  readonly variables?: Readonly<Record<string, string>>
  readonly secrets: readonly string[]
}

const vendors: readonly Vendor[] = [
  {
    use: '@ez/akamai-edgegrid',
    title: 'Akamai EdgeGrid',
    name: 'List contracts',
    url: 'https://{{host}}/contract-api/v1/contracts/identifiers?depth=TOP',
    options: {
      clientToken: '{{client_token}}',
      clientSecret: '{{client_secret}}',
      accessToken: '{{access_token}}',
    },
    variables: { host: 'akab-example.luna.akamaiapis.net' },
    secrets: ['client_token', 'client_secret', 'access_token'],
  },
  {
    use: '@ez/alibaba-cloud',
    title: 'Alibaba Cloud (ACS3-HMAC-SHA256)',
    name: 'List regions',
    method: 'POST',
    url: 'https://ecs.{{region}}.aliyuncs.com/?Action=DescribeRegions&Version=2014-05-26',
    options: { accessKeyId: '{{access_key}}', accessKeySecret: '{{secret_key}}' },
    variables: { region: 'cn-hangzhou' },
    secrets: ['access_key', 'secret_key'],
  },
  {
    use: '@ez/tencent-cloud',
    title: 'Tencent Cloud (TC3-HMAC-SHA256)',
    name: 'List instances',
    method: 'POST',
    url: 'https://cvm.tencentcloudapi.com/',
    body: { json: { Limit: 10 } },
    options: { secretId: '{{secret_id}}', secretKey: '{{secret_key}}', service: 'cvm' },
    secrets: ['secret_id', 'secret_key'],
  },
  {
    use: '@ez/bybit',
    title: 'Bybit V5',
    name: 'Wallet balance',
    url: 'https://api.bybit.com/v5/account/wallet-balance?accountType=UNIFIED',
    options: { apiKey: '{{api_key}}', apiSecret: '{{api_secret}}' },
    secrets: ['api_key', 'api_secret'],
  },
  {
    use: '@ez/kraken',
    title: 'Kraken spot',
    name: 'Balance',
    method: 'POST',
    url: 'https://api.kraken.com/0/private/Balance',
    body: { form: { asset: 'XXBT' } },
    options: { apiKey: '{{api_key}}', apiSecret: '{{api_secret}}' },
    secrets: ['api_key', 'api_secret'],
  },
  {
    use: '@ez/mastercard',
    title: 'Mastercard (OAuth 1.0a with body hash)',
    name: 'Locations',
    url: 'https://sandbox.api.mastercard.com/locations/v1/atms?PageOffset=0&PageLength=5',
    options: { consumerKey: '{{consumer_key}}', privateKey: '{{private_key}}' },
    secrets: ['consumer_key', 'private_key'],
  },
  {
    use: '@ez/cavage-signatures',
    title: 'HTTP signatures of the draft (ActivityPub)',
    name: 'Deliver to an inbox',
    method: 'POST',
    url: 'https://{{host}}/inbox',
    body: { json: { type: 'Follow' } },
    options: { keyId: '{{key_id}}', key: '{{private_key}}' },
    variables: { host: 'social.example', key_id: 'https://social.example/actor#main-key' },
    secrets: ['private_key'],
  },
  {
    use: '@ez/webhooks',
    title: 'A webhook as GitHub, Slack, Stripe, … send it, to test a receiver',
    name: 'Deliver a webhook',
    method: 'POST',
    url: 'http://127.0.0.1:8080/webhooks',
    body: { json: { action: 'opened' } },
    options: { sender: 'github', secret: '{{webhook_secret}}' },
    secrets: ['webhook_secret'],
  },
]

/** The starts of vendors. */
export function startsOf(listed: readonly Vendor[]): readonly Start[] {
  return listed.map(startOf)
}

function startOf(vendor: Vendor): Start {
  const { use, alias, title, name, method = 'GET', url, body, options, variables, secrets } = vendor
  return {
    use,
    ...(alias !== undefined && { alias }),
    title,
    value: {
      name,
      method,
      url,
      ...(body && { body }),
      ...(variables && { variables }),
      ...(secrets.length > 0 && { secrets: [...secrets] }),
      preRequest: [{ use, with: options }],
    },
  }
}

/** What `ez init` offers for vendors whose schemes are described. */
export const vendorStarts: readonly Start[] = startsOf(vendors)
