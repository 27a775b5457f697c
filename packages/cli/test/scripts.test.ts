import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ez, folder } from './support/ez.ts'

const request = (script: string, more = ''): string =>
  `method: POST\nurl: https://api.example.com/\nheaders: { authorization: '{%signature%}' }\nbody: { json: { a: 1 } }\npreRequest:\n  - script: ${script}\n${more}`

async function authorization(
  files: Record<string, string>,
  args: readonly string[] = [],
): Promise<string | undefined> {
  const { stdout, stderr } = await ez(
    ['sign', 'in.yaml', '--json', '--var', 'who=me "and" \'you\'', ...args],
    { cwd: folder(files) },
  )
  expect(stderr).toBe('')
  const { headers } = JSON.parse(stdout) as { headers: [string, string][] }
  return headers.find(([name]) => name === 'authorization')?.[1]
}

describe('scripts of the user’s own', () => {
  it('in Python', async () => {
    const files = {
      'in.yaml': request('./sign.py'),
      'sign.py': "import hashlib\nsignature = 'py ' + '{{who}}'\n",
    }
    expect(await authorization(files)).toBe('py me "and" \'you\'')
  })

  it('in JavaScript, with parameters and variables', async () => {
    const files = {
      'in.yaml': request('./sign.js', "    parameters: { prefix: '{{who}} ' }\n"),
      'sign.js': "publish('signature', parameters.prefix + variables.who + ' ' + request.method)",
    }
    expect(await authorization(files)).toBe('me "and" \'you\' me "and" \'you\' POST')
  })

  it('fails with exit code 1 and the script’s own line', async () => {
    const cwd = folder({
      'in.yaml': request('./sign.js'),
      'sign.js': "const a = 1\nthrow new Error('no key')\n",
    })
    const { code, stderr } = await ez(['sign', 'in.yaml'], { cwd })
    expect(stderr).toContain('no key')
    expect(code).toBe(1)
  })

  it('gives the linter of Python scripts the parameters of the step', async () => {
    const cwd = folder({
      'in.yaml': `method: GET
url: https://api.example.com/
headers: { x-limit: '{%limit_text%}' }
preRequest:
  - script: ./limit.py
    parameters: { limit: '{{page}}' }
`,
      'limit.py': 'limit = {{limit}}\nassert str(limit) == "7"\nlimit_text = str(limit)\n',
    })
    const { code, stdout, stderr } = await ez(['lint', 'in.yaml', '--var', 'page=7'], { cwd })
    expect(`${stdout}${stderr}`).not.toContain('AssertionError')
    expect(code).toBe(0)
  })

  const root = resolve(import.meta.dirname, '../../..')
  const file = join(process.env.EZ_SCRIPTS ?? join(root, '../shared/product/scripts'), 'overview-netsuite.py')
  it.runIf(existsSync(file))('runs the documented NetSuite script as it is', async () => {
    const names = ['consumer_id', 'consumer_key', 'consumer_secret', 'token', 'token_secret', 'account_id']
    const args = names.flatMap((name) => ['--var', `${name}=${name}-value`])
    expect(
      await authorization(
        { 'in.yaml': request('./netsuite.py'), 'netsuite.py': readFileSync(file, 'utf8') },
        args,
      ),
    ).toMatch(/^OAuth realm="consumer_id-value"/)
  })
})
