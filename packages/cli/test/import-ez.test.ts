import { createHmac } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { requestFileText } from '@ez/request-file'
import { readEzExport } from '@ez/request-file/ez'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ez, folder } from './support/ez.ts'
import { type Received, startVendor, type Vendor } from './support/vendor.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const scripts = resolve(root, process.env.EZ_SCRIPTS ?? '../shared/product/scripts')

let vendor: Vendor
beforeEach(async () => {
  vendor = await startVendor()
})
afterEach(() => vendor.close())

/** A folder with what an export becomes. */
function imported(value: unknown): string {
  const found = readEzExport(JSON.stringify(value))
  const files = Object.assign({}, ...found.map(({ files: own = {} }) => own)) as Record<string, string>
  return folder({ 'flow.yaml': requestFileText(found), ...files })
}

const secrets = {
  consumer_secret: 'consumer-secret',
  token_secret: 'token-secret',
  master_key: 'bWFzdGVyLWtleQ==',
}

/** Whether OAuth's signature, as the product's script makes it, is what these secrets give. */
function isSignedByScript(header: string): boolean {
  const values = new Map(
    [...header.matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [name as string, value as string]),
  )
  const signature = decodeURIComponent(values.get('oauth_signature') ?? '')
  const pairs = ['consumer_key', 'token', 'signature_method', 'timestamp', 'nonce', 'version']
    .map((name) => `oauth_${name}`)
    .sort()
    .map((name) => `${name}=${values.get(name)}`)
  const url = 'https://1234567-sb1.suitetalk.api.netsuite.com/services/rest/query/v1/suiteql'
  const base = ['POST', url, pairs.join('&')].map(encodeURIComponent).join('&')
  const key = `${secrets.consumer_secret}&${secrets.token_secret}`
  return signature === createHmac('sha256', key).update(base).digest('base64')
}

function isSignedForCosmos({ headers }: Received): boolean {
  const date = String(headers['x-ms-date']).toLowerCase()
  const text = `post\ndocs\ndbs/shop/colls/orders\n${date}\n\n`
  const signature = createHmac('sha256', Buffer.from(secrets.master_key, 'base64'))
    .update(text)
    .digest('base64')
  return decodeURIComponent(String(headers.authorization)) === `type=master&ver=1.0&sig=${signature}`
}

describe.skipIf(!existsSync(scripts))('an integration of eZintegrations', () => {
  it('runs as a flow: pages of the source, then the target for each record, with their own scripts', async () => {
    vendor.handle = ({ url }) => {
      const offset = Number(new URL(url, 'http://host').searchParams.get('offset'))
      if (!url.startsWith('/suiteql')) return { json: { ok: true } }
      const items = [0, 1].map((index) => ({ id: offset + index, email: `c${offset + index}@example.com` }))
      return { json: { items, hasMore: offset < 2 } }
    }
    const cwd = imported({
      file_name: '2025-10-10 10:47:47',
      data: [
        {
          'Source Type': 'API (HTTPS, FTP, SFTP, SOAP/REST/GraphQL)',
          'Source Parameters': {
            'Endpoint URL': '{{netsuite}}/suiteql?',
            Method: 'POST',
            'Endpoint Params': [
              { key: 'limit', value: '{%max_num%}' },
              { key: 'offset', value: '{%min_num%}' },
            ],
            'Endpoint Headers': [{ key: 'Authorization', value: '{%signature%}' }],
            Body: { q: 'SELECT id, email FROM customer' },
            'Pre-request Script': readFileSync(join(scripts, 'overview-netsuite.py'), 'utf8'),
            Pagination: {
              'Pagination Style': 'Offset',
              'Data Collection Key': "['items']",
              'User key': 'hasMore',
              'Key Name to update': 'offset',
            },
            'Numeric Params': { 'Minimum Number': 0, 'Maximum Number': '2' },
          },
          'Data Operations': {
            'Single To Multiline': { 'Chop Key': "['bizdata_dataset_response']['items']" },
            'Text To Operations': { 'User Question': 'upper case' },
          },
          'Target Parameters': {
            'Endpoint URL': '{{netsuite}}/docs/{{record.id}}',
            Method: 'POST',
            Headers: { Authorization: '{%authorization%}', 'x-ms-date': '{%date%}' },
            'Pre-request Script': readFileSync(join(scripts, 'overview-cosmos.py'), 'utf8'),
          },
        },
      ],
    })
    const text = readFileSync(join(cwd, 'flow.yaml'), 'utf8')
    expect(text).toContain('# Not known, and kept here as it was: "Text To Operations"')
    const variables = {
      ...secrets,
      netsuite: vendor.base,
      account_id: '1234567-sb1',
      consumer_id: '1234567_SB1',
      consumer_key: 'ck',
      token: 'tk',
      hostname: 'h',
      resource_type: 'docs',
      resource_id: 'dbs/shop/colls/orders',
    }
    const given = Object.entries(variables).flatMap(([name, value]) => ['--var', `${name}=${value}`])
    const { code, stdout, stderr } = await ez(['run', 'flow.yaml', ...given], { cwd })
    expect({ code, stderr, stdout }).toEqual({
      code: 0,
      stderr: '',
      stdout: '✓ source 200 4 records, 2 answers\n✓ target 4 answers\n',
    })
    const pages = vendor.received.filter(({ url }) => url.startsWith('/suiteql'))
    expect(pages.map(({ url }) => url)).toEqual(['/suiteql?limit=2&offset=0', '/suiteql?limit=2&offset=2'])
    const headers = pages.map(({ headers: { authorization } }) => String(authorization))
    expect(headers.every(isSignedByScript)).toBe(true)
    // The script ran anew for the second page.
    expect(new Set(headers.map((header) => /oauth_nonce="([^"]+)"/.exec(header)?.[1])).size).toBe(2)
    const targets = vendor.received.filter(({ url }) => url.startsWith('/docs/'))
    expect(targets.every(isSignedForCosmos)).toBe(true)
    expect(targets.map(({ body }) => JSON.parse(body.toString('utf8')).email).sort()).toEqual(
      [0, 1, 2, 3].map((id) => `c${id}@example.com`),
    )
  })

  it('goes on by a pagination script of its own, which runs as it is after each page', async () => {
    vendor.handle = ({ url }) => {
      const token = new URL(url, 'http://host').searchParams.get('token')
      return { json: { rows: [{ id: token }], meta: { next: token === 'dG9rZW4tMg==' ? '' : 'token-2' } } }
    }
    const cwd = imported({
      source: {
        'Endpoint URL': '{{base}}/rows',
        'Endpoint Params': [{ key: 'token', value: '{%next_token%}' }],
        Pagination: {
          'Pagination Style': 'Custom Pagination',
          'Data Collection Key': "['rows']",
          Script: `import base64
found = response['meta']['next']
if found:
    next_token = base64.b64encode(found.encode()).decode()
else:
    next_token = None
`,
        },
      },
    })
    const { code, stdout, stderr } = await ez(['run', 'flow.yaml', '--var', `base=${vendor.base}`], { cwd })
    expect({ code, stdout, stderr }).toEqual({
      code: 0,
      stdout: '✓ source 200 2 records, 2 answers\n',
      stderr: '',
    })
    expect(vendor.received.map(({ url }) => url)).toEqual(['/rows?token=', '/rows?token=dG9rZW4tMg%3D%3D'])
  })
})
