import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { folder } from './bundle.ts'
import type { Outcome } from './conformance.ts'

const run = promisify(execFile)
const engines = fileURLToPath(new URL('../engines/', import.meta.url))
const bin = (path: string): string => `${engines}node_modules/${path}`
const limits = { timeout: 120_000, maxBuffer: 1 << 26 }

/** An engine of the run. */
export interface Engine {
  readonly name: string
  /** `undefined` when the engine is not here. */
  version(): Promise<string | undefined>
  run(endpoint: string): Promise<Outcome>
}

/** Installs the engines, once: they are not part of the workspace, for their weight. */
export async function installEngines(): Promise<void> {
  if (existsSync(bin('workerd'))) return
  console.log('runtimes: installing the engines (once, about 30 seconds)')
  await run('npm', ['install', '--no-package-lock', '--no-audit', '--no-fund'], {
    cwd: engines,
    timeout: 600_000,
  })
}

const node = (major: number): Engine =>
  processEngine(`Node ${major}`, bin(`node${major}/bin/node`), [], /v(.+)/)

export const allEngines: readonly Engine[] = [
  node(20),
  node(22),
  processEngine('Node 24', process.execPath, [], /v(.+)/),
  node(26),
  processEngine('Bun', bin('.bin/bun'), ['run'], /(.+)/),
  processEngine('Deno', bin('.bin/deno'), ['run', '--allow-all', '--node-modules-dir=manual'], /deno (\S+)/),
  { name: 'workerd', version: workerdVersion, run: runWorkerd },
  { name: 'Chromium', version: chromiumVersion, run: runChromium },
]

function processEngine(name: string, command: string, parameters: string[], pattern: RegExp): Engine {
  return {
    name,
    version: async () => {
      if (!existsSync(command)) return undefined
      return pattern.exec((await run(command, ['--version'])).stdout)?.[1]
    },
    async run(endpoint) {
      const env = { ...process.env, ENDPOINT: endpoint, NODE_NO_WARNINGS: '1' }
      return outcomeOf(
        await run(command, [...parameters, `${folder}process.js`], { ...limits, env, cwd: folder }),
      )
    },
  }
}

async function workerdVersion(): Promise<string | undefined> {
  if (!existsSync(bin('.bin/workerd'))) return undefined
  return /\S+$/.exec((await run(bin('.bin/workerd'), ['--version'])).stdout.trim())?.[0]
}

async function runWorkerd(): Promise<Outcome> {
  const configuration = `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (services = [
  (name = "main", worker = (
    modules = [(name = "worker", esModule = embed "workerd.js")],
    compatibilityDate = "2026-01-01", globalOutbound = "loopback")),
  (name = "loopback", network = (allow = ["local", "private"])),
]);
`
  await writeFile(`${folder}workerd.capnp`, configuration)
  return outcomeOf(await run(bin('.bin/workerd'), ['test', `${folder}workerd.capnp`], limits))
}

function outcomeOf({ stdout, stderr }: { stdout: string; stderr: string }): Outcome {
  const line = `${stdout}\n${stderr}`.split('\n').find((text) => text.includes('outcome {'))
  if (line === undefined) throw new Error(`there is no outcome: ${stdout}${stderr}`)
  return JSON.parse(line.slice(line.indexOf('outcome {') + 8)) as Outcome
}

const chromium =
  process.env.EZ_CHROMIUM ?? ['/usr/bin/chromium', '/usr/bin/google-chrome'].find((path) => existsSync(path))

interface Page {
  goto(url: string): Promise<unknown>
  addScriptTag(script: { path: string; type: string }): Promise<unknown>
  evaluate(expression: string): Promise<unknown>
}

interface Browser {
  version(): string
  newPage(): Promise<Page>
  close(): Promise<void>
}

interface Playwright {
  readonly chromium: { launch(options: object): Promise<Browser> }
}

async function launch(): Promise<Browser> {
  const { chromium: browsers } = createRequire(`${engines}package.json`)('playwright-core') as Playwright
  const args = ['--no-sandbox', '--disable-quic', '--disable-background-networking']
  return browsers.launch({ executablePath: chromium, args })
}

async function chromiumVersion(): Promise<string | undefined> {
  if (chromium === undefined || !existsSync(chromium)) return undefined
  const browser = await launch()
  try {
    return browser.version()
  } finally {
    await browser.close()
  }
}

async function runChromium(endpoint: string): Promise<Outcome> {
  const browser = await launch()
  try {
    const page = await browser.newPage()
    // A page of loopback is a secure context, which WebCrypto needs.
    await page.goto(`${endpoint}/page`)
    await page.addScriptTag({ path: `${folder}browser.js`, type: 'module' })
    return (await page.evaluate('globalThis.outcome')) as Outcome
  } finally {
    await browser.close()
  }
}
