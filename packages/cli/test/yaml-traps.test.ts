import { describe, expect, it } from 'vitest'
import { ez, folder } from './support/ez.ts'

const head = 'method: POST\nurl: https://api.example.com/\n'

describe('a token without quotes', () => {
  it.each([
    ['of a body', { 'in.yaml': `${head}body: { json: { id: {{id}} } }\n` }, 'in.yaml:3:21', '{{id}}'],
    ['in a block', { 'in.yaml': `${head}body:\n  json:\n    id: {{id}}\n` }, 'in.yaml:5:9', '{{id}}'],
    ['in a list', { 'in.yaml': `${head}body: { json: [{{ a.b }}] }\n` }, 'in.yaml:3:16', '{{a.b}}'],
    [
      'with a filter',
      { 'in.yaml': `${head}body: { json: { a: {{ a | default("x") }} } }\n` },
      'in.yaml:3:20',
      'default',
    ],
    ['of variables', { 'in.yaml': `${head}variables: { v: {{id}} }\n` }, 'in.yaml:3:17', '{{id}}'],
    [
      'in JSON',
      { 'in.yaml': `{"method":"GET","url":"https://a.example/","body":{"json":{"a":{{id}}}}}` },
      'in.yaml:1:64',
      '{{id}}',
    ],
    ['of ez.env.yaml', { 'in.yaml': head, 'ez.env.yaml': 'v: {{id}}\n' }, 'ez.env.yaml:1:4', '{{id}}'],
  ])('is refused with its place and the cure: %s', async (_where, files, place, token) => {
    const cwd = folder(files)
    for (const command of ['lint', 'sign']) {
      const { code, stdout, stderr } = await ez([command, 'in.yaml', '--var', 'id=1'], { cwd })
      const told = stdout + stderr
      expect([code, told]).toEqual([2, expect.stringContaining(place)])
      expect(told).toContain('in quotes')
      expect(told).toContain(token)
      expect(told).not.toContain('Warning')
    }
  })

  it('is refused in a file of --vars', async () => {
    const cwd = folder({ 'in.yaml': head, 'vars.yaml': 'a: 1\nv: {{id}}\n' })
    const { code, stderr } = await ez(['sign', 'in.yaml', '--vars', 'vars.yaml'], { cwd })
    expect([code, stderr]).toEqual([
      2,
      expect.stringContaining('vars.yaml:2:4: YAML reads {{id}} without quotes'),
    ])
  })

  it.each([
    ['url: {{base}}/x\n', 'in quotes'],
    ["url: '{{base}}'\nbody: { json: { n: {%now%} } }\n", 'in quotes'],
  ])('that is no YAML at all gets the same cure: %j', async (text, cure) => {
    const { code, stderr } = await ez(['sign', 'in.yaml'], {
      cwd: folder({ 'in.yaml': `method: GET\n${text}` }),
    })
    expect([code, stderr]).toEqual([2, expect.stringContaining(cure)])
  })
})

describe('what YAML has and JSON has not', () => {
  it.each([
    ["variables: { a: !!binary 'aGVsbG8=' }\n", 'the tag !!binary'],
    ['body: { json: !!set { a, b } }\n', 'the tag !!set'],
    ['body: { json: { a: !!timestamp 2001-01-01 } }\n', 'the tag !!timestamp'],
    ['body: { json: { a: !!omap [ a: 1 ] } }\n', 'the tag !!omap'],
    ['body: { json: { ? [a] : b } }\n', 'a key must be a text'],
    ['body: { json: { a: &x [1], b: { *x : 2 } } }\n', 'a key must be a text'],
  ])('is refused: %j', async (text, says) => {
    const { code, stderr } = await ez(['sign', 'in.yaml'], { cwd: folder({ 'in.yaml': head + text }) })
    expect([code, stderr]).toEqual([2, expect.stringContaining('in.yaml:3:')])
    expect(stderr).toContain(says)
  })

  it('is refused when the file asks for YAML 1.1, where yes is true', async () => {
    const cwd = folder({ 'in.yaml': `%YAML 1.1\n---\n${head}body: { json: { a: yes } }\n` })
    const { code, stderr } = await ez(['sign', 'in.yaml'], { cwd })
    expect([code, stderr]).toEqual([2, expect.stringContaining('Leave the %YAML line out')])
  })

  it('is taken where a tag only says what the value is anyway', async () => {
    const cwd = folder({ 'in.yaml': `${head}body: { json: { a: !!str 007 } }\n` })
    expect((await ez(['sign', 'in.yaml'], { cwd })).stdout).toContain('{"a":"007"}')
  })
})

describe('numbers that YAML changes', () => {
  it.each([
    ['01234', '1234'],
    ['0x1F', '31'],
    ['0.1234567890123456789', '0.12345678901234568'],
  ])('are told by lint, and are no failure: %s', async (written, sent) => {
    const cwd = folder({ 'in.yaml': `${head}body: { json: { zip: ${written} } }\n` })
    const { code, stdout } = await ez(['lint', 'in.yaml'], { cwd })
    expect([code, stdout]).toEqual([
      0,
      expect.stringContaining(`in.yaml:3:22: ${written} is a number here, and is sent as ${sent}`),
    ])
  })

  it('are told of files of variables too', async () => {
    const cwd = folder({
      'in.yaml': `${head}body: { json: { zip: '{{zip}}' } }\n`,
      'ez.env.yaml': 'zip: 01234\n',
    })
    const { code, stdout } = await ez(['lint', 'in.yaml'], { cwd })
    expect([code, stdout]).toEqual([0, expect.stringContaining('ez.env.yaml:1:6: 01234 is a number here')])
  })

  it('are not told of where nothing is lost', async () => {
    const cwd = folder({
      'in.yaml': `${head}body: { json: [0, 10, 1.50, 1e3, -7, 12345678901234567890, '007'] }\n`,
      'flow.yaml':
        'steps:\n  - { id: a, method: POST, url: https://a.example/, body: { json: [12345678901234567890] } }\n',
    })
    expect((await ez(['lint', 'in.yaml', 'flow.yaml'], { cwd })).stdout).toMatch(
      /requests?, nothing wrong\n$/,
    )
  })
})
