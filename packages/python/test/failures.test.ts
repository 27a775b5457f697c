import { fileURLToPath } from 'node:url'
import { secret } from '@ez/core'
import { afterAll, describe, expect, test } from 'vitest'
import { pythonScript } from '../src/index.ts'
import { errorOf, pool, prepareWith, resultOf, script } from './support/prepare.ts'

afterAll(() => pool.close())

describe('a script that fails', () => {
  test("shows Python's message with the script's own lines, masked", async () => {
    const source =
      "key='{{key}}'\ntext=r'''{{lines}}'''\n\ndef check(value):\n    raise ValueError(f'bad: {value}')\n\ncheck(key)  # {{key}}"
    const error = await errorOf(
      source,
      { key: secret('very-secret-key'), lines: '1\n2\n3' },
      { name: 'sign.py' },
    )
    expect(error.code).toBe('EZ_SCRIPT_FAILED')
    expect(error.message).toBe(
      [
        'sign.py: ValueError: bad: ***',
        '  line 7: check(key)  # {{key}}',
        "  line 5, in check: raise ValueError(f'bad: {value}')",
      ].join('\n'),
    )
    expect(error.details).toMatchObject({ exception: 'ValueError', line: 5 })
    expect(JSON.stringify(error.details)).not.toContain('very-secret-key')
  })

  test.each<[string, string | RegExp]>([
    ['x = (\n', /^python: SyntaxError: '\(' was never closed\n {2}line 1: x = \($/],
    ['x = 1\n  y = 2', /IndentationError: unexpected indent\n {2}line 2: y = 2/],
    ['import requests', /ModuleNotFoundError: No module named 'requests'/],
    ['import sys\nsys.exit(3)', /SystemExit: 3/],
    ['import binascii\nbinascii.unhexlify("z")', /binascii.Error: /],
    [
      'class Odd(Exception):\n  def __str__(self): raise ValueError\nraise Odd',
      /Odd: \(its text cannot be shown\)/,
    ],
    ['raise ValueError("x" * 100000)', /^.{2000,2100}$/s],
  ])('%s', async (source, message) => {
    expect((await errorOf(source)).message).toMatch(message)
  })

  test('sys.exit() is an end like any other', async () => {
    expect(await resultOf("import sys\nresult = 'r'\nsys.exit()")).toBe('r')
  })

  test('nothing is published or edited by a script that fails', async () => {
    await expect(
      prepareWith([script("request.headers['a'] = 'b'\nraise ValueError")], {
        headers: { c: '{%d | default("e")%}' },
      }),
    ).rejects.toMatchObject({ code: 'EZ_SCRIPT_FAILED' })
  })

  test('an error of the host within request.resolved() keeps its code', async () => {
    expect(await errorOf("request.headers['bad name'] = 'x'\nrequest.resolved()")).toMatchObject({
      code: 'EZ_HEADER_INVALID',
    })
  })
})

describe('what is no text is not written to the request', () => {
  const cases = [
    [
      "request.headers['x'] = None",
      "request.headers['x'] takes text or a number, and what was written is None",
    ],
    ["request.headers['x'] = True", 'what was written is True'],
    ["request.headers['x'] = b'bytes'", 'what was written is of type bytes'],
    ["request.headers['x'] = float('nan')", 'what was written is nan'],
    ["request.headers[None] = 'x'", 'the name of a header'],
    ["request.headers.append('x', ['y'])", 'what was written is of type list'],
    ["request.query['page'] = None", "request.query['page'] takes"],
    ["request.query.append('page', {})", 'of type dict'],
    ['request.method = None', 'request.method takes'],
    ["request.url = b'https://api.example.com/'", 'request.url takes'],
    ['request.body = 5', 'request.body takes str, bytes or None'],
    ["request.set_form({'a': None})", "the form field 'a' takes"],
    ["request.set_form([(None, 'a')])", 'the name of a form field'],
  ] as const
  // One text, and so one interpreter, for all of them: each has its line.
  const source = cases.map(([statement], index) => `\nif {{chosen}} == ${index}: ${statement}`).join('')

  test.each(cases.map((one, index) => [...one, index] as const))('%s', async (_, message, chosen) => {
    const line = chosen + 2
    const error = await errorOf(source, {}, { parameters: { chosen } })
    expect(error).toMatchObject({
      code: 'EZ_SCRIPT_VALUE',
      message: expect.stringMatching(new RegExp(`^python: [^]*\\n {2}line ${line}: `)),
      details: { line },
    })
    expect(error.message).toContain(message)
  })

  test('numbers are', async () => {
    const { headers } = await prepareWith([
      script("request.headers['x-int'] = 12345678901234567890\nrequest.headers['x-float'] = 1.5"),
    ])
    expect(headers).toEqual([
      ['x-int', '12345678901234567890'],
      ['x-float', '1.5'],
    ])
  })
})

describe('limits', () => {
  test('time', async () => {
    const error = await errorOf('while True: pass', {}, { timeoutMs: 200, name: 'slow.py' })
    expect(error).toMatchObject({
      code: 'EZ_SCRIPT_TIMEOUT',
      message: expect.stringContaining('slow.py: it ran longer than 200 ms'),
    })
  })

  test('memory', async () => {
    const source = "x = 'x' * 60_000_000\nresult = 'enough'"
    expect(await errorOf(source, {}, { memoryMb: 60 })).toMatchObject({
      code: 'EZ_SCRIPT_MEMORY',
      message: expect.stringContaining('python: it needs more memory than the 60 MB'),
    })
    expect(await resultOf(source, {}, { memoryMb: 128 })).toBe('enough')
  })

  test('an abort stops the script', async () => {
    const controller = new AbortController()
    const { prepare } = await import('@ez/core')
    const run = prepare(
      {
        method: 'GET',
        url: 'https://api.example.com/',
        preRequest: [script('while True: pass')],
      },
      { signal: controller.signal },
    )
    setTimeout(() => controller.abort(), 100)
    await expect(run).rejects.toMatchObject({ code: 'EZ_ABORTED' })
  })
})

describe('options', () => {
  test.each<[Parameters<typeof pythonScript>[0], string]>([
    [{}, 'EZ_OPTION_INVALID'],
    [{ source: '', file: 'x.py' }, 'EZ_OPTION_INVALID'],
    [{ file: '/nowhere/x.py' }, 'EZ_SCRIPT_UNREADABLE'],
    [{ source: '', timeoutMs: 0 }, 'EZ_OPTION_INVALID'],
    [{ source: '', memoryMb: 10 }, 'EZ_OPTION_INVALID'],
  ])('%j', (options, code) => {
    expect(() => pythonScript(options)).toThrow(expect.objectContaining({ code }))
  })

  test('a file, by path or URL', () => {
    const url = new URL('fixtures/cosmos.py', import.meta.url)
    expect(pythonScript({ file: url }).id).toBe('cosmos.py')
    expect(pythonScript({ file: fileURLToPath(url) }).id).toBe('cosmos.py')
  })
})
