import { spawn, spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { reveal, Secret } from '@ez/core'
import stringWidth from 'string-width'
import { describe, expect, it } from 'vitest'
import { environment, wrongKeys } from '../src/environment.ts'
import { requests } from '../src/requests/index.ts'

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url))
const colour = '\u001b['

interface Ended {
  readonly code: number | null
  readonly output: string
  readonly errors: string
}

function demo(args: readonly string[], variables: Record<string, string> = {}): Ended {
  const { NO_COLOR, FORCE_COLOR, COLUMNS, ...rest } = process.env
  const ended = spawnSync(process.execPath, [main, ...args], {
    encoding: 'utf8',
    env: { ...rest, ...variables },
  })
  return { code: ended.status, output: ended.stdout, errors: ended.stderr }
}

const everything = demo([])

describe('everything', () => {
  it('ends well', () => {
    expect(everything).toMatchObject({ code: 0, errors: '' })
    for (const { name } of requests) expect(everything.output).toContain(name)
    expect(everything.output).toContain(
      `${requests.length} of ${requests.length} requests accepted, ${requests.length * 3} of ${requests.length * 3} altered ones refused`,
    )
  })

  it('has no colours in a pipe', () => {
    expect(everything.output).not.toContain(colour)
  })

  it('shows no secret, as text or as data', () => {
    const secrets = [...Object.values(environment), ...Object.values(wrongKeys)]
      .filter((value) => Secret.isInstance(value))
      .map(reveal)
    expect(secrets).toHaveLength(12)
    const { output } = demo(['--json'])
    for (const value of secrets) {
      expect(everything.output).not.toContain(value)
      expect(output).not.toContain(value)
    }
    for (const text of [everything.output, output])
      expect(text).not.toMatch(/oauth_signature=|Signature=\w|Atza\|\w/)
  })
})

describe('colours', () => {
  it('come when they are asked for', () => {
    expect(demo(['--only', 'spapi-get'], { FORCE_COLOR: '1' }).output).toContain(colour)
  })

  it('do not come with NO_COLOR', () => {
    const { output, code } = demo(['--only', 'spapi-get'], { NO_COLOR: '1' })
    expect(output).not.toContain(colour)
    expect(code).toBe(0)
  })
})

describe('width', () => {
  it('is that of COLUMNS', () => {
    const lines = demo(['--only', 'spapi-get'], { COLUMNS: '50' }).output.split('\n')
    expect(lines.filter((line) => stringWidth(line) > 50)).toEqual([])
  })

  it('of a pipe is without bound: what was signed stays on its line', () => {
    expect(everything.output).toMatch(
      /createdSince=\S+&pageSize=10&processingStatuses=DONE%2CFATAL&reportTypes=\S+\n/,
    )
  })
})

describe('--json', () => {
  it('gives the same as data', () => {
    const { output, code } = demo(['--json', '--only', 'spapi-post', '--only', 'cosmos-read'])
    const data = JSON.parse(output)
    expect(code).toBe(0)
    expect(data).toMatchObject({ ok: true, sent: 8, asExpected: 8, notAsExpected: 0 })
    expect(data.requests.map(({ name }: { name: string }) => name)).toEqual(['spapi-post', 'cosmos-read'])
    const [right, , tampered] = data.requests[0].cases
    expect(right).toMatchObject({ case: 'right', ok: true, response: { status: 202 } })
    expect(right.request.trace.map(({ id }: { id: string }) => id)).toEqual(
      expect.arrayContaining(['canonical-request', 'string-to-sign', 'signature']),
    )
    expect(tampered).toMatchObject({ case: 'tampered', code: 'InvalidSignature', response: { status: 403 } })
  })

  it('ends quietly when its reader goes away', async () => {
    const child = spawn(process.execPath, [main, '--json', '--only', 's3-put-text'], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let errors = ''
    child.stderr.on('data', (chunk) => {
      errors += String(chunk)
    })
    child.stdout.once('data', () => child.stdout.destroy())
    const code = await new Promise((resolve) => child.on('close', resolve))
    expect(errors).toBe('')
    expect(code).toBe(0)
  })
})

describe('arguments', () => {
  it('--help names every request', () => {
    const { output, code } = demo(['--help'])
    expect(code).toBe(0)
    for (const { name, title } of requests) expect(output).toMatch(new RegExp(`${name} +${title}`))
  })

  it.each([
    { args: ['--only', 'spapi-pots'], says: 'Did you mean "spapi-post"? Known: spapi-post, spapi-get' },
    { args: ['--only', 'zzz'], says: 'Known: spapi-post' },
    { args: ['--only'], says: '--only' },
    { args: ['--loud'], says: '--loud' },
    { args: ['spapi-post'], says: 'spapi-post' },
  ])('$args end with code 2 and say why', ({ args, says }) => {
    const { output, errors, code } = demo(args)
    expect(code).toBe(2)
    expect(output).toBe('')
    expect(errors).toContain(says)
    expect(errors).not.toContain('    at ')
  })
})
