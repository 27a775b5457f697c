import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ez, folder } from './support/ez.ts'

interface Signed {
  readonly method: string
  readonly url: string
  readonly headers: readonly [string, string][]
  readonly body: { readonly data: string } | null
}

async function signed(cwd: string, file: string, ...args: string[]): Promise<Signed> {
  const { stdout, stderr } = await ez(['sign', file, '--json', ...args], { cwd })
  expect(stderr).toBe('')
  const { method, url, headers, body } = JSON.parse(stdout) as Signed
  return { method, url, headers, body }
}

async function imported(cwd: string, kind: string, ...source: string[]): Promise<string> {
  const { stdout, code, stderr } = await ez(['import', kind, ...source], { cwd })
  expect(stderr).not.toContain('error')
  expect(code).toBe(0)
  writeFileSync(join(cwd, 'imported.yaml'), stdout)
  return stdout
}

describe('ez import curl', () => {
  const requests = [
    'method: GET\nurl: https://api.example.com/a%20b?x=1&y=%7B&z\n',
    "method: POST\nurl: https://api.example.com/\nbody: { json: { a: 'it''s \"quoted\"', b: [1, null] } }\n",
    'method: PUT\nurl: https://api.example.com/\nheaders: { content-type: text/plain, x-empty: \'\' }\nbody: { text: "line 1\\nline 2 \\\\ ünï \\\\{{not a token}} 100%" }\n',
    "method: POST\nurl: https://api.example.com/\nbody: { form: { a: '1&2', b: 'ü +' } }\n",
    "method: DELETE\nurl: https://api.example.com/x\nheaders: { if-match: '\"abc\"', x-dollar: '$HOME `x` !' }\n",
  ]
  for (const [index, text] of requests.entries())
    it(`reads back the cURL line that ez sign writes (${index + 1})`, async () => {
      const cwd = folder({ 'in.yaml': text })
      const { stdout } = await ez(['sign', 'in.yaml', '--format', 'curl'], { cwd })
      await imported(cwd, 'curl', stdout)
      expect(await signed(cwd, 'imported.yaml')).toEqual(await signed(cwd, 'in.yaml'))
    })

  it('reads what browsers and people write', async () => {
    const cwd = folder({ 'body.bin': 'from a file' })
    await imported(
      cwd,
      'curl',
      "$ curl 'https://api.example.com/g' \\\n  -H 'Accept: a/b' -H 'X-A;' --compressed -sSLk -o out.txt -m 5 \\\n  --data-raw $'a=\\u00fc\\'&b=1' | jq .",
    )
    expect(await signed(cwd, 'imported.yaml')).toMatchObject({
      method: 'POST',
      url: 'https://api.example.com/g',
      body: { data: "a=ü'&b=1" },
    })
    await imported(
      cwd,
      'curl',
      'curl',
      '-G',
      'https://api.example.com/s?q=0',
      '-d',
      'a=1',
      '--data-urlencode',
      'b=x y',
    )
    expect(await signed(cwd, 'imported.yaml')).toEqual({
      method: 'GET',
      url: 'https://api.example.com/s?q=0&a=1&b=x%20y',
      headers: [],
      body: null,
    })
    await imported(cwd, 'curl', 'curl -T body.bin https://api.example.com/u')
    expect(await signed(cwd, 'imported.yaml')).toMatchObject({ method: 'PUT', body: { data: 'from a file' } })
    await imported(
      cwd,
      'curl',
      'curl -u user:pass -F a=1 -F "f=@body.bin;type=text/plain" https://api.example.com/',
    )
    const { body, headers } = await signed(cwd, 'imported.yaml', '--nonce', 'abc', '--var', 'password=pass')
    expect(headers).toContainEqual(['authorization', 'Basic dXNlcjpwYXNz'])
    expect(body?.data).toContain('filename="body.bin"\r\ncontent-type: text/plain\r\n\r\nfrom a file')
    await imported(
      cwd,
      'curl',
      'curl "https://api.example.com/c" ^\n  -H ^"x-a: b^" ^\n  --json ^"^{^\\^"a^\\^":1^}^"',
    )
    expect(await signed(cwd, 'imported.yaml')).toMatchObject({ body: { data: '{"a":1}' } })
  })

  it('turns --aws-sigv4 into a provider, without the keys', async () => {
    const { stdout, stderr } = await ez([
      'import',
      'curl',
      'curl --aws-sigv4 aws:amz:eu-west-1:s3 -u AKID:very-secret https://b.s3.amazonaws.com/k',
    ])
    expect(stdout).toContain('service: s3')
    expect(stdout).toContain('region: eu-west-1')
    expect(stdout + stderr).not.toContain('very-secret')
  })

  it('says what it cannot read', async () => {
    expect((await ez(['import', 'curl', 'curl'])).stderr).toContain('names no URL')
    expect((await ez(['import', 'curl', "curl 'https://api.example.com"])).stderr).toContain(
      'a quote that is not closed',
    )
    expect((await ez(['import', 'curl', 'curl --http3-only https://api.example.com'])).stderr).toContain(
      "note: curl's --http3-only",
    )
    expect((await ez(['import', 'wget', 'x'])).code).toBe(2)
  })
})

describe('ez import postman', () => {
  const collection = {
    info: { name: 'Orders', schema: 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json' },
    variable: [{ key: 'base url', value: 'https://api.example.com' }],
    auth: { type: 'bearer', bearer: [{ key: 'token', value: '{{token}}' }] },
    item: [
      {
        name: 'Folder',
        item: [
          {
            name: 'Create',
            event: [
              {
                listen: 'prerequest',
                script: {
                  exec: [
                    "const now = pm.environment.get('stamp')",
                    "pm.environment.set('signature', CryptoJS.HmacSHA256(now, 'k').toString())",
                  ],
                },
              },
              { listen: 'test', script: { exec: ['pm.test()'] } },
            ],
            request: {
              method: 'POST',
              url: { raw: '{{base url}}/orders/:id?dry=1', variable: [{ key: 'id', value: '42' }] },
              header: [
                { key: 'X-Signature', value: '{{signature}}' },
                { key: 'X-Off', value: 'x', disabled: true },
              ],
              body: {
                mode: 'raw',
                raw: '{\n  "id": "{{$guid}}", "at": "{{order.date}}"\n}',
                options: { raw: { language: 'json' } },
              },
            },
          },
        ],
      },
      {
        name: 'List',
        request: {
          method: 'GET',
          url: 'https://b.s3.amazonaws.com/',
          auth: {
            type: 'awsv4',
            awsv4: [
              { key: 'accessKey', value: '{{ak}}' },
              { key: 'secretKey', value: 'written-down-secret' },
              { key: 'region', value: 'us-east-1' },
              { key: 'service', value: 's3' },
            ],
          },
        },
      },
      {
        name: 'Basic',
        request: {
          url: 'https://api.example.com/',
          auth: {
            type: 'basic',
            basic: [
              { key: 'username', value: 'me' },
              { key: 'password', value: '{{pw}}' },
            ],
          },
          body: { mode: 'urlencoded', urlencoded: [{ key: 'a', value: '1' }] },
          method: 'POST',
        },
      },
    ],
  }

  it('keeps the content type that Postman sends for a raw body', async () => {
    const raw = (language: string) => ({
      name: language,
      request: {
        method: 'POST',
        url: 'https://api.example.com/',
        body: { mode: 'raw', raw: '{ "a": 1 }', options: { raw: { language } } },
      },
    })
    const cwd = folder({
      'raw.json': JSON.stringify({ info: collection.info, item: [raw('json'), raw('xml'), raw('text')] }),
    })
    const { stdout } = await ez(['import', 'postman', 'raw.json'], { cwd })
    expect(stdout).toContain('content-type: application/json')
    expect(stdout).toContain('content-type: application/xml')
    expect(stdout).toContain('content-type: text/plain')
    expect(stdout.match(/content-type/g)).toHaveLength(3)
  })

  it.each(['curl', 'postman'])('ez import %s --help helps', async (kind) => {
    const { code, stdout } = await ez(['import', kind, '--help'])
    expect([code, stdout.includes('ez import postman orders.postman_collection.json --out')]).toEqual([
      0,
      true,
    ])
  })

  it('keeps requests, folders, authorization, variables and scripts', async () => {
    const cwd = folder({ 'orders.json': JSON.stringify(collection) })
    const { code, stderr } = await ez(['import', '--out', 'orders.yaml', 'postman', 'orders.json'], { cwd })
    expect(code).toBe(0)
    expect(stderr).toContain('The variable "base url" is called base_url here.')
    expect(stderr).toContain('Wrote folder-create.test.js, a script that looks at the answer.')
    const text = readFileSync(join(cwd, 'orders.yaml'), 'utf8')
    expect(text).not.toContain('written-down-secret')
    expect(text).toContain('{{signature}}')
    expect(text).toContain('dialect: postman')
    expect(text).toContain('{%uuid%}')
    const script = readFileSync(join(cwd, 'folder-create.pre-request.js'), 'utf8')
    expect(script).toBe(collection.item[0]?.item?.[0]?.event[0]?.script.exec.join('\n'))
    const list = await signed(
      cwd,
      'orders.yaml#List',
      '--var',
      'ak=AKIDEXAMPLE',
      '--var',
      'secret_key=wJalrXUtnFEMI/K7MDENG',
    )
    expect(list.headers.find(([name]) => name === 'authorization')?.[1]).toContain('AKIDEXAMPLE/')
    const basic = await signed(cwd, 'orders.yaml#Basic', '--var', 'pw=open')
    expect(basic).toMatchObject({
      headers: expect.arrayContaining([['authorization', `Basic ${btoa('me:open')}`]]),
      body: { data: 'a=1' },
    })
    expect(
      (await ez(['import', '--out', 'orders.yaml', 'postman', 'orders.json'], { cwd })).stderr,
    ).toContain('it is there already')
  })

  it('refuses what is none', async () => {
    const cwd = folder({ 'a.json': '{}', 'b.json': 'no' })
    for (const file of ['a.json', 'b.json'])
      expect((await ez(['import', 'postman', file], { cwd })).code).toBe(2)
  })
})

describe('ez import http', () => {
  it('reads requests, names, variables and bodies', async () => {
    const cwd = folder({
      'in.http': `@host = api.example.com\n@token=abc\n\n### Create an order\nPOST https://{{host}}/orders\n  ?dry=1\n  &n=2 HTTP/1.1\nContent-Type: application/json\nX-Id: {{$guid}}\n\n{"a":1}\n\n> {% client.test() %}\n\n###\n# @name list\nGET https://{{host}}/orders\nAuthorization: Basic me pw\n\n###\n# only a comment\n`,
    })
    await imported(cwd, 'http', 'in.http')
    expect(await signed(cwd, 'imported.yaml#list', '--var', 'password=pw')).toMatchObject({
      method: 'GET',
      url: 'https://api.example.com/orders',
      headers: [['authorization', `Basic ${btoa('me:pw')}`]],
    })
    expect(await signed(cwd, 'imported.yaml#Create an order')).toMatchObject({
      method: 'POST',
      url: 'https://api.example.com/orders?dry=1&n=2',
      body: { data: '{"a":1}' },
    })
  })
})

describe('ez import ez', () => {
  it('reads the documented keys, keeps scripts, writes a flow, and names what is unknown', async () => {
    const value = {
      integration: {
        source: [
          {
            'Source Parameters': 'x',
            'Endpoint URL': 'https://{{account}}.example.com/q',
            Method: 'post',
            'Endpoint Params': [
              { key: 'page', value: '{%min_num%}' },
              { key: 'day', value: '{%yesterday%}' },
            ],
            Headers: [{ key: 'Authorization', value: '{%signature%}' }],
            Body: '{"q":1}',
            'Pre-request Script': "signature='abc'\n",
            Pagination: { 'Pagination Style': 'Offset' },
          },
        ],
      },
    }
    const cwd = folder({ 'in.ez': JSON.stringify(value) })
    const { stderr, code } = await ez(['import', '--out', 'out.yaml', 'ez', 'in.ez'], { cwd })
    expect(code).toBe(0)
    expect(stderr).toContain('Wrote source.py, a pre-request script.')
    expect(stderr).toContain('"Source Parameters": "x"')
    const text = readFileSync(join(cwd, 'out.yaml'), 'utf8')
    expect(text).toContain('https://{{account}}.example.com/q')
    expect(text).toContain('{%yesterday%}')
    expect(text).toContain('# Not known')
    expect(text).toContain('paginate:\n      style: offset\n')
    const given = ['--var', 'account=a', '--runtime', 'min_num:=3', '--at', '2026-11-21T08:00:00Z']
    expect(await signed(cwd, 'out.yaml', ...given)).toMatchObject({
      method: 'POST',
      url: 'https://a.example.com/q?page=3&day=2026-11-20',
      headers: expect.arrayContaining([['authorization', 'abc']]),
      body: { data: '{"q":1}' },
    })
  })
})

describe('ez init', () => {
  it('writes a request file that works, for each provider', async () => {
    const secrets = [
      'access_key',
      'secret_key',
      'consumer_key',
      'consumer_secret',
      'token_id',
      'token_secret',
      'master_key',
    ].flatMap((name) => ['--var', `${name}=c2VjcmV0LWtleQ==`])
    for (const provider of ['none', '@ez/aws-sigv4', '@ez/netsuite-oauth1', '@ez/cosmos-auth']) {
      const cwd = folder({})
      const { code, stdout } = await ez(['init', '--provider', provider], { cwd })
      expect(code).toBe(0)
      expect(stdout).toContain('Wrote request.yaml.')
      expect(await ez(['lint', 'request.yaml', ...secrets], { cwd })).toMatchObject({
        code: 0,
        stdout: '1 request, nothing wrong\n',
      })
      expect((await ez(['init', '--provider', provider], { cwd })).stderr).toContain('it is there already')
    }
    const { code, stderr } = await ez(['init'], { cwd: folder({}) })
    expect(stderr).toContain('asks its questions on a terminal')
    expect(code).toBe(2)
  })
})
