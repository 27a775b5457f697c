// Plants a fault against each rule of graph.mjs in a small tree, and expects that the check finds it and nothing else.
// node .ci/checks/graph-faults.mjs
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { inspect } from './graph.mjs'
import { finish } from './report.mjs'

const core = 'packages/core/src'
/** @type {Readonly<Record<string, string>>} */
const clean = {
  [`${core}/index.ts`]: "export { freeze } from './freeze/freeze.ts'\n",
  [`${core}/freeze/freeze.ts`]:
    "import type { Pairs } from '../contract/request.ts'\nexport const freeze = (pairs: Pairs) => pairs\n",
  [`${core}/contract/request.ts`]: 'export type Pairs = string[]\n',
  'packages/one/src/index.ts': "import { freeze } from '@ez/core'\nexport const one = freeze\n",
  'packages/two/src/index.ts': 'export const two = 2\n',
}

/** @type {readonly (readonly [expected: string | undefined, files: Record<string, string>])[]} */
const cases = [
  [undefined, {}],
  [
    'no circle:',
    {
      'packages/two/src/index.ts': "import type { Three } from './three.ts'\nexport type Two = Three\n",
      'packages/two/src/three.ts': "import type { Two } from './index.ts'\nexport type Three = Two[]\n",
    },
  ],
  [
    "core's rooms in their order: packages/core/src/contract/request.ts → packages/core/src/wire/url.ts",
    {
      [`${core}/contract/request.ts`]:
        "import type { Url } from '../wire/url.ts'\nexport type Pairs = Url[]\n",
      [`${core}/wire/url.ts`]: 'export type Url = string\n',
    },
  ],
  [
    "core's rooms in their order: packages/core/src/sign/patch.ts → packages/core/src/sign.ts",
    {
      [`${core}/sign/patch.ts`]: "import { sign } from '../sign.ts'\nexport const patch = sign\n",
      [`${core}/sign.ts`]: 'export const sign = 1\n',
    },
  ],
  [
    "core's rooms in their order: packages/core/src/helpers/all.ts lies in no room",
    { [`${core}/helpers/all.ts`]: 'export const all = 1\n' },
  ],
  [
    'no provider on another: packages/one/src/index.ts',
    { 'packages/one/src/index.ts': "export { two } from '@ez/two'\n" },
  ],
  [
    'no provider on another: packages/one/src/index.ts',
    { 'packages/one/src/index.ts': "export { two } from '../../two/src/index.ts'\n" },
  ],
  [
    'no folder over 20 files: packages/two/src/many holds 21',
    Object.fromEntries(
      Array.from({ length: 21 }, (_, index) => [`packages/two/src/many/${index}.ts`, 'export const a = 1\n']),
    ),
  ],
  [
    'no file over 250 lines: packages/two/src/long.ts has 251',
    {
      'packages/two/src/long.ts': Array.from(
        { length: 251 },
        (_, line) => `export const a${line} = 1\n`,
      ).join(''),
    },
  ],
]

/** @type {string[]} */
const problems = []
for (const [expected, files] of cases) {
  const root = mkdtempSync(join(tmpdir(), 'graph-'))
  try {
    plant(root, { ...clean, ...files })
    const found = (await inspect(root)).problems.map((problem) => problem.replaceAll('\\', '/'))
    if (expected === undefined) problems.push(...found.map((problem) => `in a clean tree: ${problem}`))
    else if (!found.some((problem) => problem.startsWith(expected)))
      problems.push(`it misses "${expected}", and finds ${found.join('; ') || 'nothing'}.`)
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
}
finish('graph-faults', problems, `${cases.length} trees`)

/** @param {string} root @param {Record<string, string>} files */
function plant(root, files) {
  for (const name of ['core', 'one', 'two']) {
    const keywords = name === 'core' ? [] : ['ez-provider']
    files[`packages/${name}/package.json`] = JSON.stringify({ name: `@ez/${name}`, type: 'module', keywords })
  }
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, file)), { recursive: true })
    writeFileSync(join(root, file), text)
  }
}
