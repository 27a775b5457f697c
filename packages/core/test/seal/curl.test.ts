import { describe, expect, test } from 'vitest'
import { prepare, secret } from '../../src/index.ts'

const prepared = (text: string, variables = {}) =>
  prepare({ method: 'POST', url: 'https://api.example.com/', body: { text } }, { variables })

describe('a line for PowerShell', () => {
  const shell = 'powershell'

  test('doubles single quotes and nothing else', async () => {
    const request = await prepared(`it's "x" $a %b%`)
    expect(request.toCurl({ shell })).toContain(`--data-raw 'it''s "x" $a %b%'`)
  })

  test.each(['x'.repeat(17_000), 'Zürich', '张三', '"\n'])(
    'gives a body through a file that an argument would change: %j',
    async (text) => {
      const line = (await prepared(text)).toCurl({ shell })
      expect(line).toContain('--data-binary "@$body"')
      expect(line).toContain(`('${Buffer.from(text).toString('base64')}')`)
    },
  )

  test.each([
    ['ü{{key}}', 'a-secret'],
    ['{{key}}\n"', 'ä-secret'],
    // Too short to be masked within a text.
    ['{{key}}', 'sü1'],
  ])('masks what goes through a file: %j', async (text, key) => {
    const line = (await prepared(text, { key: secret(key) })).toCurl({ shell, mask: true })
    const file = /FromBase64String\('(.*?)'\)/.exec(line)?.[1] ?? ''
    expect(Buffer.from(file, 'base64').toString()).toBe(text.replace('{{key}}', '***'))
  })

  test('quotes the name of its standard input', async () => {
    const stream = () => new Blob(['abc']).stream()
    const request = await prepare({ method: 'PUT', url: 'https://api.example.com/', body: { stream } })
    expect(request.toCurl({ shell })).toMatch(/ --data-binary '@-'$/)
    expect(request.toCurl()).toMatch(/ --data-binary @-$/)
  })
})

test('a long body is one argument where it may be', async () => {
  const text = 'x'.repeat(17_000)
  expect((await prepared(text)).toCurl()).toContain(`--data-raw ${text}`)
})

test.each(['cmd', 'toString', ''])('an unknown shell is refused: %j', async (shell) => {
  const request = await prepared('a')
  expect(() => request.toCurl({ shell: shell as 'posix' })).toThrow(
    expect.objectContaining({ code: 'EZ_OPTION_INVALID' }),
  )
})
