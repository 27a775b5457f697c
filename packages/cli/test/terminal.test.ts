import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ez, folder } from './support/ez.ts'
import { listen } from './support/server.ts'

// Turns the text red, sets the title of the window, and the C1 and bidirectional forms of the same tricks.
const tricks = '\u001b[31m\u001b]0;owned\u0007\u009b31m\u202edesrever'
const raw = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/
const quoted = JSON.stringify(tricks)
const head = 'method: GET\nurl: https://api.example.com/\n'

async function outputs(args: readonly string[], files: Record<string, string>): Promise<string[]> {
  const cwd = folder(files)
  const told = await ez(args, { cwd, env: { NO_COLOR: '1' } })
  const json = await ez([...args, '--json'], { cwd, env: { NO_COLOR: '1' } })
  return [told.stdout, told.stderr, json.stdout, json.stderr]
}

describe('control characters do not reach the terminal', () => {
  it.each([
    ['of an unknown key', ['lint', 'in.yaml'], { 'in.yaml': `${head}${quoted}: 1\n` }],
    ['of a name', ['explain', 'in.yaml'], { 'in.yaml': `${head}name: ${quoted}\n` }],
    ['of a file that is named', ['lint', 'in.yaml'], { 'in.yaml': `${head}extends: ${quoted}\n` }],
    [
      'of a request that is asked for',
      ['explain', `in.yaml#${tricks}`],
      { 'in.yaml': `requests: [{ name: ${quoted}, method: GET, url: 'https://a.example/' }]\n` },
    ],
    ['of a provider', ['lint', 'in.yaml'], { 'in.yaml': `${head}preRequest: [{ use: ${quoted} }]\n` }],
    [
      'that a script throws',
      ['sign', 'in.yaml'],
      { 'in.yaml': `${head}preRequest: [{ script: ./a.js }]\n`, 'a.js': `throw new Error(${quoted})\n` },
    ],
    [
      'of a package',
      ['providers', '--allow', 'packages'],
      {
        'node_modules/ez-trap/package.json': JSON.stringify({
          name: `ez-trap${tricks}`,
          version: tricks,
          description: tricks,
          keywords: ['ez-provider'],
        }),
      },
    ],
  ])('%s', async (_what, args, files) => {
    const told = await outputs(args, files as Record<string, string>)
    for (const text of told) expect(text).not.toMatch(raw)
    expect(told.join('')).toMatch(/\\x1b|\\u001b/)
  })

  it('of an import, in what is told and in what is written', async () => {
    const collection = {
      info: { name: tricks, schema: 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json' },
      item: [{ name: tricks, request: { method: 'GET', url: 'https://a.example/', auth: { type: tricks } } }],
    }
    const [stdout, stderr] = await outputs(['import', 'postman', 'in.json'], {
      'in.json': JSON.stringify(collection),
    })
    expect(stdout).not.toMatch(raw)
    expect(stderr).not.toMatch(raw)
    expect(stdout).toContain('31m')
  })

  it('of an answer, for people, as JSON and as JUnit', async () => {
    const server = await listen((_request, response) => void response.writeHead(403).end(tricks))
    const cwd = folder({
      'in.yaml': `requests:\n  - { name: ${quoted}, method: GET, url: '${server.url}' }\n`,
    })
    for (const reporter of ['human', 'json', 'junit']) {
      const { stdout, stderr } = await ez(['run', 'in.yaml', '--reporter', reporter], {
        cwd,
        env: { NO_COLOR: '1' },
      })
      expect(stdout).not.toMatch(raw)
      expect(stderr).not.toMatch(raw)
      expect(stdout).toMatch(/\\x1b|\\u001b/)
      if (reporter === 'json') expect(JSON.parse(stdout).requests[0].name).toBe(tricks)
    }
    await ez(['run', 'in.yaml', '--reporter', 'junit', '--report-file', 'report.xml'], { cwd })
    expect(readFileSync(join(cwd, 'report.xml'), 'utf8')).not.toMatch(raw)
    await server.close()
  })
})
