import { loginStarts } from './login-starts.ts'
import type { Start } from './start.ts'
import { vendorStarts } from './vendor-starts.ts'

const credentials = { accessKeyId: '{{access_key}}', secretAccessKey: '{{secret_key}}' }

/** What names a start: to `--provider`, and in the answer to the question. */
export const nameOf = ({ use, alias = use }: Start): string => alias || 'none'

/** What `ez init` offers. */
export const starts: readonly Start[] = [
  {
    use: '',
    title: 'No signature',
    value: {
      name: 'First request',
      method: 'GET',
      url: 'https://{{host}}/orders',
      query: { since: '{%yesterday%}' },
      headers: { accept: 'application/json' },
      variables: { host: 'api.example.com' },
      expect: { status: 200 },
    },
  },
  {
    use: '@ez/aws-sigv4',
    title: 'Amazon S3 or another AWS service (Signature Version 4)',
    value: {
      name: 'List objects',
      method: 'GET',
      url: 'https://{{bucket}}.s3.{{region}}.amazonaws.com/',
      query: { 'list-type': '2', 'max-keys': '10' },
      variables: { bucket: 'my-bucket', region: 'us-east-1' },
      secrets: ['access_key', 'secret_key'],
      preRequest: [{ use: '@ez/aws-sigv4', with: { service: 's3', region: '{{region}}', credentials } }],
    },
  },
  {
    use: '@ez/oauth2/login-with-amazon',
    title: 'Amazon SP-API (Login with Amazon; AWS signatures are ignored there)',
    value: {
      name: 'Marketplaces of the seller',
      method: 'GET',
      url: 'https://{{host}}/sellers/v1/marketplaceParticipations',
      variables: { host: 'sellingpartnerapi-eu.amazon.com' },
      secrets: ['lwa_client_secret', 'lwa_refresh_token'],
      preRequest: [
        {
          use: '@ez/oauth2/login-with-amazon',
          with: {
            clientId: '{{lwa_client_id}}',
            clientSecret: '{{lwa_client_secret}}',
            refreshToken: '{{lwa_refresh_token}}',
          },
        },
      ],
    },
  },
  {
    use: '@ez/netsuite-oauth1',
    title: 'Oracle NetSuite, token-based authentication',
    value: {
      name: 'SuiteQL query',
      method: 'POST',
      url: 'https://{{account_host}}.suitetalk.api.netsuite.com/services/rest/query/v1/suiteql',
      query: { limit: '10' },
      headers: { prefer: 'transient' },
      body: { json: { q: 'SELECT id, companyname FROM customer' } },
      variables: { account_id: '1234567_SB1', account_host: '1234567-sb1' },
      secrets: ['consumer_key', 'consumer_secret', 'token_id', 'token_secret'],
      preRequest: [
        {
          use: '@ez/netsuite-oauth1',
          with: {
            accountId: '{{account_id}}',
            consumerKey: '{{consumer_key}}',
            consumerSecret: '{{consumer_secret}}',
            tokenId: '{{token_id}}',
            tokenSecret: '{{token_secret}}',
          },
        },
      ],
    },
  },
  {
    use: '@ez/cosmos-auth',
    title: 'Azure Cosmos DB',
    value: {
      name: 'List databases',
      method: 'GET',
      url: 'https://{{account}}.documents.azure.com/dbs',
      variables: { account: 'my-account' },
      secrets: ['master_key'],
      preRequest: [{ use: '@ez/cosmos-auth', with: { masterKey: '{{master_key}}' } }],
    },
  },
  ...loginStarts,
  ...vendorStarts,
]
