import { spawn } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { otherNodes } from '../../../.ci/vitest/nodes.ts'
import { bin, type Ended, environment, folder } from './support/ez.ts'
import * as vendors from './support/recipe-vendors.ts'
import { startVendor, type Vendor } from './support/vendor.ts'

const { secrets } = vendors
const root = fileURLToPath(new URL('../../..', import.meta.url))

/** A block of a page of docs/recipes, by its first line. */
function block(page: string, language: string, first: string): string {
  const text = readFileSync(join(root, 'docs', 'recipes', `${page}.md`), 'utf8')
  const found = [...text.matchAll(/^```(\w+)\n(.*?)^```/gms)].find(
    ([, kind, body]) => kind === language && body?.startsWith(first),
  )?.[2]
  if (found === undefined) throw new Error(`${page}.md has no block of ${language} that begins with ${first}`)
  return found
}

let one: Vendor
let other: Vendor
beforeEach(async () => {
  one = await startVendor()
  other = await startVendor()
})
afterEach(async () => {
  await one.close()
  await other.close()
})

/** A folder with the page's file or program, and the packages that it asks for. */
function home(name: string, text: string): string {
  const cwd = folder({
    [name]: text,
    '.env': Object.entries(secrets)
      .map(([key, value]) => `${key}='${value}'\n`)
      .join(''),
  })
  mkdirSync(join(cwd, 'node_modules'))
  symlinkSync(join(root, 'packages'), join(cwd, 'node_modules', '@ez'), 'junction')
  return cwd
}

async function runFile(
  node: string,
  page: string,
  variables: Readonly<Record<string, string>>,
  more: readonly string[] = [],
) {
  const text = block(page, 'yaml', `# ${page}.yaml\n`).replace('every: 15s', 'every: 5ms')
  const cwd = home(`${page}.yaml`, text)
  const given = Object.entries(variables).flatMap(([name, value]) => ['--var', `${name}=${value}`])
  const command = ['run', `${page}.yaml`, '--env-file', '.env', '--allow', 'packages', '--no-store']
  return { cwd, ...(await started(node, [bin, ...command, ...given, ...more], cwd)) }
}

async function runProgram(node: string, page: string, env: Readonly<Record<string, string>>) {
  const cwd = home(`${page}.mts`, block(page, 'ts', `// ${page}.mts\n`))
  const upper = Object.fromEntries(
    Object.entries(secrets).map(([name, value]) => [name.toUpperCase(), value]),
  )
  const known = {
    ...upper,
    NETSUITE_CONSUMER_KEY: secrets.consumer_key,
    NETSUITE_CONSUMER_SECRET: secrets.consumer_secret,
    NETSUITE_TOKEN_ID: secrets.token_id,
    NETSUITE_TOKEN_SECRET: secrets.token_secret,
    COSMOS_KEY: secrets.master_key,
    AWS_ACCESS_KEY_ID: secrets.access_key,
    AWS_SECRET_ACCESS_KEY: secrets.secret_key,
    POLL_EVERY: '5ms',
  } as Record<string, string>
  return { cwd, ...(await started(node, [`${page}.mts`], cwd, { ...known, ...env })) }
}

async function started(
  node: string,
  words: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  const child = spawn(node, words, { cwd, env: environment(env) })
  let output = ''
  let problems = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    problems += text
  })
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve))
  return { code, stdout: output, stderr: problems }
}

/** What the page says is printed, of its file (the first block without a language) or its program (the second). */
const printed = (page: string, of: 'file' | 'program'): string => {
  const text = readFileSync(join(root, 'docs', 'recipes', `${page}.md`), 'utf8')
  const blocks = [...text.matchAll(/^```(\w*)\n(.*?)^```/gms)].filter(([, language]) => language === '')
  return blocks[of === 'file' ? 0 : 1]?.[2] ?? ''
}

const lines = (file: string): string[] => readFileSync(file, 'utf8').trimEnd().split('\n')

interface Recipe {
  readonly page: string
  readonly start: () => void
  readonly variables: () => Record<string, string>
  readonly env: () => Record<string, string>
  readonly check: (cwd: string) => void
}

let stored = new Map<string, string>()
const recipes: readonly Recipe[] = [
  {
    page: 'sp-api-report',
    start: () => {
      one.handle = vendors.sellingPartner(() => other.base)
      other.handle = vendors.reportFiles
    },
    variables: () => ({ sp_api: one.base, token_endpoint: `${one.base}/auth/o2/token` }),
    env: () => ({ SP_API_URL: one.base, LWA_ENDPOINT: `${one.base}/auth/o2/token` }),
    check: (cwd) => {
      const file = readdirSync(cwd).find((name) => name.endsWith('.tsv')) ?? ''
      expect(readFileSync(join(cwd, file), 'utf8')).toBe(vendors.report)
      expect(one.received.filter(({ url }) => url.startsWith('/auth'))).toHaveLength(1)
    },
  },
  {
    page: 'suiteql-export',
    start: () => {
      one.handle = vendors.netsuite(25_000, () => one.base)
    },
    variables: () => ({ netsuite: one.base }),
    env: () => ({ NETSUITE_URL: one.base }),
    check: (cwd) => {
      const rows = lines(join(cwd, 'customers.csv'))
      expect(rows).toHaveLength(25_001)
      expect(rows[0]).toBe('id,email,lastmodifieddate')
      expect(rows.at(-1)).toBe('25000,c25000@example.com,2026-03-03')
    },
  },
  {
    page: 'cosmos-query',
    start: () => {
      one.handle = vendors.cosmos
    },
    variables: () => ({ cosmos: one.base }),
    env: () => ({ COSMOS_URL: one.base }),
    check: (cwd) => expect(lines(join(cwd, 'orders.ndjson'))).toHaveLength(250),
  },
  {
    page: 's3-download',
    start: () => {
      one.handle = vendors.bucket(5000)
    },
    variables: () => ({ bucket: one.base }),
    env: () => ({ BUCKET_URL: one.base }),
    check: (cwd) => {
      expect(readdirSync(join(cwd, 'objects'))).toHaveLength(5000)
      expect(readFileSync(join(cwd, 'objects', 'orders-4999'), 'utf8')).toBe('body of /orders-4999')
    },
  },
  {
    page: 'netsuite-to-s3',
    start: () => {
      stored = new Map()
      one.handle = vendors.netsuite(1500, () => one.base)
      other.handle = vendors.bucket(0, stored)
    },
    variables: () => ({ netsuite: one.base, bucket: other.base }),
    env: () => ({ NETSUITE_URL: one.base, BUCKET_URL: other.base }),
    check: () => {
      expect(stored.size).toBe(1500)
      expect(JSON.parse(stored.get('/customers/1500.json') ?? '')).toMatchObject({
        id: '1500',
        email: 'c1500@example.com',
      })
    },
  },
  {
    page: 'graphql',
    start: () => {
      one.handle = vendors.graphql
    },
    variables: () => ({ graphql: `${one.base}/graphql` }),
    env: () => ({ GRAPHQL_URL: `${one.base}/graphql` }),
    check: (cwd) => expect(lines(join(cwd, 'products.ndjson'))).toHaveLength(250),
  },
  {
    page: 'odata',
    start: () => {
      one.handle = vendors.odata(() => one.base)
    },
    variables: () => ({ odata: one.base }),
    env: () => ({ ODATA_URL: one.base }),
    check: (cwd) => {
      expect(lines(join(cwd, 'accounts.csv'))).toHaveLength(251)
      expect(lines(join(cwd, 'accounts.csv'))[1]).toBe('0,"A, B"')
    },
  },
]

it('every file of a recipe passes the linter', async () => {
  const secretValues = Object.entries(secrets).flatMap(([name, value]) => ['--var', `${name}=${value}`])
  for (const { page } of recipes) {
    const cwd = home(`${page}.yaml`, block(page, 'yaml', `# ${page}.yaml\n`))
    const { stdout } = await started(
      process.execPath,
      [bin, 'lint', `${page}.yaml`, '--allow', 'packages', ...secretValues],
      cwd,
    )
    expect([page, stdout]).toEqual([page, expect.stringMatching(/requests?, nothing wrong\n$/)])
  }
})

// By turns, so that both Nodes run files and programs; without a Node 22 this one runs all.
const { path: node22 } = otherNodes.find(({ major, isPresent }) => major === 22 && isPresent) ?? {
  path: process.execPath,
}

describe.each(recipes.map((recipe, index) => [recipe.page, recipe, index % 2 === 0] as const))(
  'the recipe %s',
  (page, recipe, isEven) => {
    it('does what it says as a request file, and prints what the page shows', async () => {
      recipe.start()
      const { cwd, code, stdout, stderr } = await runFile(
        isEven ? process.execPath : node22,
        page,
        recipe.variables(),
      )
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
      expect(stdout).toBe(printed(page, 'file'))
      recipe.check(cwd)
    })

    it('does what it says as a program, and prints what the page shows', async () => {
      recipe.start()
      const { cwd, code, stdout, stderr } = await runProgram(
        isEven ? node22 : process.execPath,
        page,
        recipe.env(),
      )
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
      expect(stdout).toBe(printed(page, 'program'))
      recipe.check(cwd)
    })
  },
)
