// Lints the request files of docs/ and of the READMEs, with the scripts that stand beside them on their page. A block is
// a file when its first line names it (`# orders.yaml`, `# sign.py`, `// sign.js`) or when it holds method and URL.
// Build first.
import { spawnSync } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { finish } from './report.mjs'

// Values that no page holds: examples that vendors publish, and placeholders.
const variables = {
  access_key: 'AKIDEXAMPLE',
  secret_key: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
  lwa_client_id: 'amzn1.application-oa2-client.example',
  lwa_client_secret: 'example-secret',
  lwa_refresh_token: 'Atzr|example',
  consumer_key: 'CONSUMER_KEY_VALUE',
  consumer_secret: 'CONSUMER_SECRET_VALUE',
  token: 'TOKEN_ID_VALUE',
  token_id: 'TOKEN_ID_VALUE',
  token_secret: 'TOKEN_SECRET_VALUE',
  master_key: 'dsZQi3KtZmCv1ljt3VNWNm7sQUF1y5rJfC6kv5JiwvW0EndXdDku/dkKBp8/ufDToSxLzR4y+O/0H/t4bQtVNw==',
  api_key: 'example-key-123456',
  api_secret: 'ZXhhbXBsZS1zZWNyZXQtMTIzNDU2',
  region: 'eu-central-1',
  client_secret: 'ZXhhbXBsZS1zZWNyZXQ=',
  client_token: 'akab-example',
  access_token: 'akab-example-access',
  host: 'api.example.com',
  account: 'examples',
  container: 'reports',
  access_key_id: 'AKIDEXAMPLE',
  access_key_secret: 'example-secret-123456',
  tenancy: 'ocid1.tenancy.oc1..example',
  user: 'ocid1.user.oc1..example',
  fingerprint: '20:3b:97:13:55:1c:5b:0d:d3:37:d8:50:4e:c5:3a:34',
  secret: 'example-secret-123456',
  secret_id: 'AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE',
  private_key: generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({
    type: 'pkcs8',
    format: 'pem',
  }),
}

const folder = mkdtempSync(join(tmpdir(), 'ez-requests-'))
const problems = []
const requests = []
let skipped = 0
try {
  mkdirSync(join(folder, 'node_modules'))
  symlinkSync(resolve('packages'), join(folder, 'node_modules/@ez'), 'junction')
  writeFileSync(join(folder, 'variables.json'), JSON.stringify(variables))
  for (const entry of readdirSync('docs', { recursive: true, withFileTypes: true })) {
    const page = join(entry.parentPath, entry.name)
    if (entry.isFile() && page.endsWith('.md')) collect(page)
  }
  for (const name of ['.', ...readdirSync('packages').map((one) => join('packages', one))])
    if (existsSync(join(name, 'README.md'))) collect(join(name, 'README.md'))
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [
      resolve('packages/cli/dist/bin.js'),
      'lint',
      '--no-color',
      '--allow',
      'packages',
      '--allow',
      'credentials',
      '--vars',
      join(folder, 'variables.json'),
      ...requests,
    ],
    { cwd: folder, encoding: 'utf8' },
  )
  if (status !== 0) problems.push(`${stdout}${stderr}`)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
finish('requests', problems, `${requests.length} request files; ${skipped} whose script is not on the page`)

/** @param {string} page */
function collect(page) {
  const home = page.replace(/\W+/g, '-')
  mkdirSync(join(folder, home))
  /** @type {Map<string, string>} */
  const files = new Map()
  for (const [, text = ''] of readFileSync(page, 'utf8').matchAll(/^```\w+\n(.*?)^```/gms)) {
    const name = /^(?:#|\/\/) ([\w.-]+\.(?:yaml|py|js))$/m.exec(text.split('\n', 1)[0] ?? '')?.[1]
    if (name !== undefined) files.set(name, text)
    else if (/^method: /m.test(text) && /^url: /m.test(text)) files.set(`block-${files.size}.yaml`, text)
  }
  for (const [name, text] of files) {
    writeFileSync(join(folder, home, name), text)
    if (!name.endsWith('.yaml')) continue
    const scripts = [...text.matchAll(/script: \.\/([\w.-]+)/g)].map(([, script = '']) => script)
    if (scripts.every((script) => files.has(script))) requests.push(join(home, name))
    else skipped += 1
  }
}
