import { createHmac } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { ez, folder } from './support/ez.ts'
import { listen } from './support/server.ts'

const vendor = `# yaml-language-server: $schema=https://unpkg.com/@ez/signature/schema/description.json
id: example-pay
options: { apiKey: credential, apiSecret: secret }
time: { timestamp: unix-ms }
stages:
  text: '{timestamp}{method}{target}{body}'
signature: { hmac: sha256, key: apiSecret, of: text, as: hex }
writes:
  headers: { x-api-key: '{apiKey}', x-timestamp: '{timestamp}', x-signature: '{signature}' }
`
const indented = vendor.replaceAll('\n', '\n        ')
const request = (describe: string): string => `method: POST
url: {{url}}/orders?b=2&a=1
headers: { content-type: application/json }
body: { json: { id: '{{id}}' } }
secrets: [pay_secret]
preRequest:
  - use: '@ez/signature'
    with:
      describe: ${describe}
      options: { apiKey: '{{pay_id}}', apiSecret: '{{pay_secret}}' }
`
const flags = [
  '--var',
  'pay_secret=planted-secret',
  '--var',
  'pay_id=key-1',
  '--var',
  'id=7',
  '--at',
  '2026-01-15T12:36:00Z',
]
const at = String(Date.parse('2026-01-15T12:36:00Z'))

it('signs by a description in the request file and by one in a file beside it alike, as the same by hand', async () => {
  const received: { signature: unknown; wanted: string }[] = []
  const server = await listen(({ method, path, headers, body }, response) => {
    const text = `${at}${method}${path}${Buffer.from(body).toString()}`
    const wanted = createHmac('sha256', 'planted-secret').update(text).digest('hex')
    received.push({ signature: headers['x-signature'], wanted })
    response.end('{}')
  })
  try {
    const cwd = folder({
      'inline.yaml': request(`\n        ${indented}`).replace('{{url}}', server.url),
      'beside.yaml': request('./vendors/pay.yaml').replace('{{url}}', server.url),
      'vendors/pay.yaml': vendor,
    })
    for (const file of ['inline.yaml', 'beside.yaml']) {
      const { code, stdout, stderr } = await ez(['run', file, ...flags], { cwd })
      expect([code, stderr]).toEqual([0, ''])
      expect(stdout).not.toContain('planted')
      expect(await ez(['lint', file, ...flags], { cwd })).toMatchObject({
        code: 0,
        stdout: '1 request, nothing wrong\n',
      })
      const explained = await ez(['explain', file, ...flags], { cwd })
      expect(explained.stdout).toContain('text')
      expect(explained.stdout).toContain(`${at}POST/orders?b=2&a=1{"id":"7"}`)
      expect(explained.stdout).not.toContain('planted')
      const signed = JSON.parse((await ez(['sign', file, '--format', 'json', ...flags], { cwd })).stdout)
      expect(signed.headers).toContainEqual(['x-signature', received.at(-1)?.wanted])
    }
    expect(received.map(({ signature }) => signature)).toEqual(received.map(({ wanted }) => wanted))
    expect(received).toHaveLength(2)
  } finally {
    server.close()
  }
})

it('reads a description of many rows once, and only within the folder', async () => {
  const cwd = folder({
    'own/in.yaml': request('../pay.yaml').replace('{{url}}', 'https://api.example.com'),
    'pay.yaml': vendor,
  })
  const refused = await ez(['sign', 'own/in.yaml', ...flags], { cwd })
  expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('own/in.yaml:9:17')])
  expect(refused.stderr).toContain('EZ_NOT_ALLOWED')
  const granted = await ez(['sign', 'own/in.yaml', '--allow', 'outside', ...flags], { cwd })
  expect(granted.code).toBe(0)
})

it.each([
  ['of: text, as', 'of: texts, as', 'pay.yaml:7:48', 'there is no "texts"'],
  ["'{timestamp}{method}{target}{body}'", '{ join: [a, b] }', 'pay.yaml:6:9', 'must be a text'],
  [
    "x-api-key: '{apiKey}'",
    "x-api-key: '{apiSecret}'",
    'pay.yaml:9:25',
    'the secret "apiSecret" would be sent',
  ],
  ['time:', 'times:', 'pay.yaml:2:1', '"times" is none of'],
  ['id: example-pay', '- a', 'pay.yaml:', ''],
])('says the line of a description that is wrong: %s → %s', async (from, to, place, problem) => {
  const cwd = folder({
    'in.yaml': request('./pay.yaml').replace('{{url}}', 'https://api.example.com'),
    'pay.yaml': vendor.replace(from, to),
  })
  const { code, stderr } = await ez(['sign', 'in.yaml', ...flags], { cwd })
  expect([code, stderr]).toEqual([2, expect.stringContaining(place)])
  expect(stderr).toContain(problem)
})

it.each([
  ['lists: { a: { of: query, sorted: none } }', /in\.yaml:\d+:\d+: unknown key "sorted"/],
  ['stages: { text: { line: [a] } }', /in\.yaml:\d+:\d+: unknown key "line". Did you mean "lines"\?/],
  ['signature: { hmac: sha3, key: a, of: b, as: hex }', /"sha256"/],
])(
  'says what is wrong with a description in the request file before anything runs: %s',
  async (field, problem) => {
    const name = field.split(':', 1)[0] as string
    const text = indented.replace(new RegExp(`${name}:[^\n]*(?:\n          [^\n]*)*`), field)
    const inline = request(`\n        ${text.includes(field) ? text : `${text}\n        ${field}`}`)
    const cwd = folder({ 'in.yaml': inline.replace('{{url}}', 'https://api.example.com') })
    const { code, stderr } = await ez(['sign', 'in.yaml', ...flags], { cwd })
    expect([code, stderr]).toEqual([2, expect.stringMatching(problem)])
  },
)

it('has the schema of descriptions in the schema of request files, word for word', () => {
  const read = (file: string): { definitions: Record<string, unknown> } =>
    JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8'))
  const { $schema, $id, title, definitions, ...own } = read(
    '../../signature/schema/description.json',
  ) as Record<string, unknown> & { definitions: Record<string, unknown> }
  const renamed = (value: unknown): unknown =>
    JSON.parse(JSON.stringify(value).replaceAll('#/definitions/', '#/definitions/description-'))
  for (const file of ['../schema/request.schema.json', '../schema/proxy.schema.json']) {
    const here = read(file).definitions
    expect(here.description).toEqual(renamed(own))
    for (const [name, definition] of Object.entries(definitions))
      expect(here[`description-${name}`]).toEqual(renamed(definition))
  }
})
