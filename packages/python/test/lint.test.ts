import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { RequestTemplate } from '@ez/core'
import { afterAll, describe, expect, test } from 'vitest'
import { type LintFinding, type LintPythonOptions, lintPythonScript } from '../src/lint.ts'
import { instant, patienceMs, pool } from './support/prepare.ts'
import { scriptFiles, scriptsFolder } from './support/scripts.ts'

afterAll(() => {
  pool.close()
  console.log(
    scriptFiles.length === 0
      ? `lint: the folder ${scriptsFolder} is absent`
      : `lint: ${scriptFiles.length} published scripts`,
  )
})

const fixture = (name: string): string => fileURLToPath(new URL(`fixtures/${name}`, import.meta.url))

function lint(
  options: LintPythonOptions,
  variables: Record<string, unknown> = {},
): Promise<readonly LintFinding[]> {
  const context = { variables, clock: () => instant, stepTimeoutMs: patienceMs }
  return lintPythonScript({ pool, context, timeoutMs: patienceMs, ...options })
}

const brief = (findings: readonly LintFinding[]): string[] =>
  findings.map(({ rule, line }) => `${rule} ${line ?? '-'}`)

const spApi: RequestTemplate = {
  method: 'POST',
  url: 'https://{{host}}/reports/2021-06-30/reports',
  headers: { 'x-amz-date': '{%amzdate%}', authorization: '{%authorization_header%}' },
  body: { text: '{%request_parameters%}' },
}
const spApiVariables = {
  host: 'sellingpartnerapi-na.amazon.com',
  hostname: 'https://sellingpartnerapi-na.amazon.com',
  canonical_uri: '/reports/2021-06-30/reports',
  access_key: 'AKIDEXAMPLE',
  secret_key: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
  body: { a: 1 },
}
const suiteql: RequestTemplate = {
  method: 'POST',
  url: 'https://1234567-sb1.suitetalk.api.netsuite.com/services/rest/query/v1/suiteql',
  headers: { authorization: '{%signature%}' },
  body: { json: { q: 'SELECT id FROM customer' } },
}
const cosmos: RequestTemplate = {
  method: 'POST',
  url: 'https://example.documents.azure.com/dbs/Shop/colls/Orders/docs',
  headers: { authorization: '{%authorization%}', 'x-ms-date': '{%date%}' },
  body: { json: { id: '1' } },
}
const cosmosVariables = {
  hostname: 'example.documents.azure.com',
  master_key: 'ZXhhbXBsZS1tYXN0ZXIta2V5',
  resource_type: 'docs',
  resource_id: 'dbs/Shop/colls/Orders',
}

describe.runIf(scriptFiles.length > 0)('the published scripts', () => {
  const published = (name: string): string => join(scriptsFolder, name)
  const rows: [string, string, RequestTemplate | undefined, Record<string, unknown>, string[]][] = [
    ['spapi-ex3-get.py', 'alone', undefined, {}, ['query-line-missing 19']],
    [
      'spapi-ex3-get.py',
      'with its request',
      { ...spApi, method: 'GET', body: undefined } as unknown as RequestTemplate,
      spApiVariables,
      ['query-line-missing 19'],
    ],
    ['spapi-ex1-post.py', 'with its request', spApi, spApiVariables, []],
    ['overview-spapi-post.py', 'alone', undefined, {}, []],
    ['spapi-ex2-post-body.py', 'alone', undefined, {}, []],
    [
      'spapi-ex1-post.py',
      'for Europe, another method, with a query and another body',
      { ...spApi, method: 'PUT', url: `${spApi.url}?page=1`, body: { json: '{{body}}' } },
      { ...spApiVariables, host: 'sellingpartnerapi-eu.amazon.com' },
      ['body-contradicts 13', 'method-contradicts 17', 'region-contradicts 19', 'query-unsigned 24'],
    ],
    [
      'spapi-ex1-post.py',
      'at another path, with a header that it does not sign',
      {
        ...spApi,
        url: 'https://{{host}}/other',
        headers: { ...(spApi.headers as object), 'x-amz-access-token': 't' },
      },
      spApiVariables,
      ['path-contradicts 9', 'header-unsigned 24'],
    ],
    ['overview-s3-put.py', 'alone', undefined, {}, ['clock-read-twice 12']],
    ['overview-netsuite.py', 'with its request', suiteql, {}, ['nonce-predictable 17']],
    [
      'overview-netsuite.py',
      'as a GET with a query',
      {
        ...suiteql,
        method: 'GET',
        url: `${suiteql.url}?limit=10`,
        body: undefined,
      } as unknown as RequestTemplate,
      {},
      ['method-contradicts 13', 'nonce-predictable 17', 'query-unsigned 31'],
    ],
    ['overview-cosmos.py', 'with its request', cosmos, cosmosVariables, []],
    [
      'overview-cosmos.py',
      'as a GET',
      { ...cosmos, method: 'GET', body: undefined } as unknown as RequestTemplate,
      cosmosVariables,
      ['method-contradicts 13'],
    ],
    [
      'overview-cosmos.py',
      'for another resource',
      cosmos,
      { ...cosmosVariables, resource_id: 'dbs/Shop' },
      ['signature-differs 17'],
    ],
  ]

  test.each(rows)('%s, %s', async (file, _, request, variables, expected) => {
    const findings = await lint({ file: published(file), ...(request && { request }) }, variables)
    expect(brief(findings)).toEqual(expected)
  })

  test('example 3 is told how to become right, and then is', async () => {
    const [finding] = await lint({ file: published('spapi-ex3-get.py') })
    expect(finding).toMatchObject({
      severity: 'error',
      message: expect.stringContaining("canonical_querystring = ''"),
    })
    const source = readFileSync(published('spapi-ex3-get.py'), 'utf8')
    const cured = source.replace(
      "canonical_uri + '\\n' + canonical_headers",
      "canonical_uri + '\\n' + '' + '\\n' + canonical_headers",
    )
    expect(cured).not.toBe(source)
    expect(await lint({ source: cured })).toEqual([])
  })
})

describe('scripts of our own', () => {
  test.each<[string, LintPythonOptions, Record<string, unknown>]>([
    [
      'sigv4.py',
      {
        request: {
          method: 'POST',
          url: 'https://sellingpartnerapi-eu.amazon.com/a?b=1',
          body: { json: { c: 1 } },
        },
      },
      { access_key: 'AKIDEXAMPLE', secret_key: 'wJalrXUtnFEMI', region: 'eu-west-1', service: 'execute-api' },
    ],
    [
      'netsuite.py',
      {
        request: { method: 'GET', url: 'https://1234567.suitetalk.api.netsuite.com/services/rest/x?limit=1' },
        exports: { 'header.Authorization': 'signature' },
        parameters: {
          account_id: '1234567',
          consumer_key: 'ck',
          consumer_secret: 'cs',
          token: 'tk',
          token_secret: 'ts',
        },
      },
      {},
    ],
    [
      'cosmos.py',
      { request: cosmos, exports: { 'header.authorization': 'authorization', 'header.x-ms-date': 'date' } },
      cosmosVariables,
    ],
  ])('%s: nothing to find', async (file, options, variables) => {
    expect(await lint({ ...options, file: fixture(file) }, variables)).toEqual([])
  })

  test('a signature that goes wrong elsewhere', async () => {
    const source = readFileSync(fixture('sigv4.py'), 'utf8')
    const wrong = source.replace(
      "for part in (datestamp, region, service, 'aws4_request')",
      "canonical_request = canonical_request.replace('content-type:', 'content-type: ')\nstring_to_sign = '\\n'.join(['AWS4-HMAC-SHA256', amzdate, scope, hashlib.sha256(canonical_request.encode()).hexdigest()])\nfor part in (datestamp, region, service, 'aws4_request')",
    )
    const request: RequestTemplate = { method: 'POST', url: 'https://api.example.com/a', body: { json: {} } }
    const variables = {
      access_key: 'AKIDEXAMPLE',
      secret_key: 'wJalrXUtnFEMI',
      region: 'eu-west-1',
      service: 'execute-api',
    }
    expect(brief(await lint({ source: wrong, request }, variables))).toEqual([
      expect.stringMatching(/^signature-differs /),
    ])
    expect(await lint({ source: wrong, request, signers: {} }, variables)).toEqual([])
  })

  test.each<[string, string, { timeoutMs?: number }?]>([
    ['x = 1\ny = (', 'script-fails 2'],
    ['x = 1\nraise ValueError("bad")', 'script-fails 2'],
    ['while True: pass', 'script-fails -', { timeoutMs: 300 }],
  ])('a script that fails: %j', async (source, expected, options = {}) => {
    expect(brief(await lint({ source, ...options }))).toEqual([expected])
  })

  test('a placeholder of strftime that would be written as nothing, in a branch that does not run too', async () => {
    const source = `import time
from datetime import datetime
now = datetime.now()
if now.year < 2000:
    a = now.strftime('%Y %P')
    b = f'{now:%k:%M}'
    c = time.strftime('%f')
ratio = f'{0.5:.1%} {now:%Y-%m-%dT%H:%M:%S.%fZ}'`
    expect(await lint({ source })).toMatchObject([
      { rule: 'strftime-unknown', severity: 'error', line: 5, message: expect.stringContaining('%P') },
      { rule: 'strftime-unknown', line: 6, message: expect.stringContaining('%k') },
      { rule: 'strftime-unknown', line: 7, message: expect.stringContaining('%f') },
    ])
    const running = "from datetime import datetime\nsigned = datetime.now().strftime('%N')"
    expect(await lint({ source: running })).toMatchObject([{ rule: 'strftime-unknown', line: 2 }])
  })

  test('shows no secret', async () => {
    const findings = await lint(
      { source: "import datetime\nkey='{{key}}'\nraise ValueError(key)" },
      { key: (await import('@ez/core')).secret('very-secret') },
    )
    expect(JSON.stringify(findings)).not.toContain('very-secret')
  })
})

describe('a script that works in functions is read as well', () => {
  const inFunction = (name: string, change: readonly [string, string]): string => {
    const source = readFileSync(fixture(name), 'utf8')
    const changed = source.replace(...change)
    expect(changed === source).toBe(change[0] === '')
    const lines = changed.split('\n').map((line) => `    ${line}`)
    return `def sign():\n${lines.join('\n')}\n    return signature\nsignature = sign()\n`
  }
  const aws: RequestTemplate = {
    method: 'POST',
    url: 'https://sellingpartnerapi-na.amazon.com/orders/v0/orders',
    query: { page: '2' },
    headers: { 'content-type': 'application/json' },
    body: { json: { a: 1 } },
  }
  const variables = { ...spApiVariables, region: 'us-east-1', service: 'execute-api' }
  const parameters = {
    account_id: '1234567_SB1',
    consumer_key: 'CONSUMER_KEY_VALUE',
    consumer_secret: 'CONSUMER_SECRET_VALUE',
    token: 'TOKEN_ID_VALUE',
    token_secret: 'TOKEN_SECRET_VALUE',
  }
  const queryLine = "    '&'.join(f'{name}={value}' for name, value in pairs),\n"

  test.each<[string, readonly [string, string], string[]]>([
    ['nothing is wrong', ['', ''], []],
    ['no query line', [queryLine, ''], ['query-line-missing']],
    ['an empty query', [queryLine, "    '',\n"], ['query-unsigned']],
    ['another method', ['    sent.method,', "    'PUT',"], ['method-contradicts']],
    ['another body', ['sha256(body)', "sha256(b'{}')"], ['body-contradicts']],
    ['another region', ["region = '{{region}}'", "region = 'eu-west-1'"], ['region-contradicts']],
  ])('AWS: %s', async (_, change, rules) => {
    const found = await lint({ source: inFunction('sigv4.py', change), request: aws }, variables)
    expect(found.map(({ rule }) => rule)).toEqual(rules)
    for (const { line } of found) expect(line).toBeGreaterThan(1)
  })

  test('NetSuite: a query that is not signed', async () => {
    const request = { ...suiteql, query: { limit: '10' } }
    const source = inFunction('netsuite-plain.py', ['', ''])
    expect(brief(await lint({ source, parameters, request })).map((text) => text.split(' ')[0])).toEqual([
      'query-unsigned',
    ])
  })

  test('AWS: a function that is called twice for the time', async () => {
    const source = readFileSync(fixture('sigv4.py'), 'utf8')
      .replace('now = datetime.', 'def now(): return datetime.')
      .replace('now.strftime', 'now().strftime')
      .replace('amzdate[:8]', "now().strftime('%Y%m%d')")
    const found = await lint({ source, request: aws }, variables)
    expect(brief(found)).toEqual(['clock-read-twice 12'])
    expect(found[0]?.message).toContain('reads the clock 2 times')
  })

  test('what only a function holds does not leave the script', async () => {
    const source = "def sign():\n  signature = 'text'\nsign()"
    expect(brief(await lint({ source, request: suiteql }))).toEqual([])
    const exported = await lint({
      source,
      exports: { 'header.authorization': 'signature' },
      request: suiteql,
    })
    expect(brief(exported)).toEqual(['script-fails -'])
  })
})
