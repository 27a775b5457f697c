import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ez, folder } from './support/ez.ts'
import { keys } from './support/files.ts'
import { countedRequest, countingProvider } from './support/provider.ts'
import { listen } from './support/server.ts'

const flags = (url: string): string[] => [
  '--var',
  `base_url=${url}`,
  '--var',
  'id=1',
  '--var',
  'key=secret-key-1',
  '--allow',
  'packages',
]

describe('ez diagnose', () => {
  it('reads what ez run --save kept, at its instant and nonce', async () => {
    const server = await listen(
      (_request, response) => void response.writeHead(403).end('expected: https://other.example/a'),
    )
    const cwd = folder({ ...countingProvider, 'in.yaml': countedRequest })
    const sent = await ez(['run', 'in.yaml', '--save', 'saved', ...flags(server.url)], { cwd })
    expect(sent.code).toBe(1)
    expect(sent.stdout).toContain('signature-mismatch: The URLs differ.')
    const saved = JSON.parse(readFileSync(join(cwd, 'saved/in.yaml.json'), 'utf8')) as {
      at: string
      nonce: string
      request: { headers: [string, string][] }
    }
    const [, at, nonce] = String(saved.request.headers.find(([name]) => name === 'x-created')?.[1]).split(' ')
    expect([saved.at, saved.nonce]).toEqual([at, nonce])
    const found = await ez(
      ['diagnose', 'in.yaml', '--response', 'saved/in.yaml.json', ...flags(server.url)],
      { cwd },
    )
    expect(found.stderr).toBe('')
    expect(found.stdout).toContain('counting: signature-mismatch')
    expect(found.stdout).toContain('canonical-request, line 2')
    expect(found.stdout).toContain('server expected  https://other.example/a')
    expect(found.stdout).toContain(`we signed        ${server.url}/a`)
    expect(found.code).toBe(0)
    const json = await ez(
      ['diagnose', 'in.yaml', '--response', 'saved/in.yaml.json', '--json', ...flags(server.url)],
      { cwd },
    )
    expect(JSON.parse(json.stdout)).toMatchObject({
      status: 403,
      step: 'counting',
      diagnosis: { cause: 'signature-mismatch' },
    })
    await server.close()
  })

  it('sends and diagnoses with --send', async () => {
    const server = await listen((_request, response) => void response.writeHead(403).end('expected: x'))
    const cwd = folder({ ...countingProvider, 'in.yaml': countedRequest })
    const refused = await ez(['diagnose', 'in.yaml', '--send', ...flags(server.url)], { cwd })
    expect(refused.stdout).toContain('server expected  x')
    expect(refused.code).toBe(1)
    await server.close()
    const good = await listen()
    const accepted = await ez(['diagnose', 'in.yaml', '--send', ...flags(good.url)], { cwd })
    expect(accepted.stdout).toBe('The request was not refused: status 200.\n')
    expect(accepted.code).toBe(0)
    await good.close()
  })

  it('reads curl -i output, JSON and a body alone, and finds the instant in it', async () => {
    const cwd = folder({
      ...countingProvider,
      'in.yaml': countedRequest,
      'message.txt':
        'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 403 Forbidden\r\nx-a: b\r\n\r\nexpected: x\nx-amz-date:20260102T030405Z\n',
      'plain.json': '{ "status": 403, "headers": {}, "body": "expected: x" }',
      'body.txt': 'expected: x',
    })
    const url = 'https://api.example.com'
    const message = await ez(['diagnose', 'in.yaml', '--response', 'message.txt', '--json', ...flags(url)], {
      cwd,
    })
    expect(message.stderr).toBe('')
    const { trace } = JSON.parse(message.stdout) as { trace: { value: string }[] }
    expect(trace.some(({ value }) => value.includes('2026-01-02T03:04:05.000Z'))).toBe(true)
    expect(
      (await ez(['diagnose', 'in.yaml', '--response', 'plain.json', ...flags(url)], { cwd })).stdout,
    ).toContain('server expected  x')
    expect(
      (await ez(['diagnose', 'in.yaml', '--response', 'body.txt', ...flags(url)], { cwd })).stderr,
    ).toContain('it has no status')
    const body = await ez(
      ['diagnose', 'in.yaml', '--response', 'body.txt', '--status', '403', ...flags(url)],
      { cwd },
    )
    expect(body.stdout).toContain('server expected  x')
    expect(body.stderr).toContain('does not say when the request was signed')
    const unknown = await ez(
      ['diagnose', 'in.yaml', '--response', 'body.txt', '--status', '500', ...flags(url)],
      { cwd },
    )
    expect(unknown.code).toBe(1)
    expect((await ez(['diagnose', 'in.yaml', ...flags(url)], { cwd })).code).toBe(2)
  })

  it('tells a NetSuite refusal from its own provider', async () => {
    const cwd = folder({
      'in.yaml':
        "method: GET\nurl: https://1234567.suitetalk.api.netsuite.com/services/rest/record/v1/customer\npreRequest:\n  - use: '@ez/netsuite-oauth1'\n    with: { accountId: '1234567', consumerKey: a, consumerSecret: b, tokenId: c, tokenSecret: d }\n",
      'answer.txt':
        'HTTP/1.1 401 Unauthorized\nwww-authenticate: OAuth realm="1234567", error="token_rejected"\n\n{}',
    })
    const { stdout, code } = await ez(['diagnose', 'in.yaml', '--response', 'answer.txt'], { cwd })
    expect(stdout).toContain('netsuite-oauth1: ')
    expect(code).toBe(0)
  })

  it('compares line by line with what S3 says, at the instant that it quotes', async () => {
    const hash = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'
    const canonical = [
      'GET',
      '/',
      'list-type=2&amp;max-keys=100',
      'host:my-bucket.s3.us-east-1.amazonaws.com',
      `x-amz-content-sha256:${hash}`,
      'x-amz-date:20260102T030405Z',
      '',
      'host;x-amz-content-sha256;x-amz-date',
      hash,
    ]
    const cwd = folder({
      'answer.txt': `HTTP/1.1 403 Forbidden\r\n\r\n<?xml version="1.0"?><Error><Code>SignatureDoesNotMatch</Code><Message>The request signature we calculated does not match the signature you provided.</Message><CanonicalRequest>${canonical.join('\n')}</CanonicalRequest></Error>`,
    })
    await ez(['init', '--provider', '@ez/aws-sigv4', '--out', 'list.yaml'], { cwd })
    const { stdout, stderr, code } = await ez(['diagnose', 'list.yaml', '--response', 'answer.txt'], {
      cwd,
      env: keys,
    })
    expect(stderr).toBe('')
    expect(stdout).toContain('canonical-request, line 3')
    expect(stdout).toContain('server expected  list-type=2&max-keys=100\n')
    expect(stdout).toContain('we signed        list-type=2&max-keys=10\n')
    expect(stdout.match(/, line \d+/g)?.length).toBe(1)
    expect(code).toBe(0)
  })

  it('shows nothing of an answer that could write to the terminal', async () => {
    const server = await listen(
      (_request, response) => void response.writeHead(500).end('\u001b]0;title\u0007\u001b[2J'),
    )
    const cwd = folder({ 'in.yaml': `method: GET\nurl: ${server.url}/\n` })
    const { stdout } = await ez(['run', 'in.yaml', '--retries', '0'], { cwd })
    expect(stdout).toContain('answer: \\x1b]0;title\\x07\\x1b[2J')
    expect(stdout).not.toContain('\u001b')
    await server.close()
  })
})
