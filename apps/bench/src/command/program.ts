import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** What a program has used. */
export interface Usage {
  /** Nanoseconds of the processor, of all its threads. */
  readonly processor: number
  /** Most bytes of memory that it had at a time. */
  readonly memory: number
}

/** The `ez` command, as it was built. */
export const ez: string = join(
  dirname(createRequire(import.meta.url).resolve('@ez/cli/package.json')),
  'dist',
  'bin.js',
)

/** A folder that is gone when this process is. */
export function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'ez-bench-'))
  process.once('exit', () => rmSync(made, { recursive: true, force: true }))
  return made
}

// Loaded before the program, without the loader of modules, which would be a good part of what a short one takes.
const reporter = `
const tell = () => {
  const { user, system } = process.cpuUsage()
  require('node:fs').writeSync(3, JSON.stringify({ processor: (user + system) * 1000, memory: process.resourceUsage().maxRSS * 1024 }) + '\\n')
}
if (process.env.EZ_BENCH_TELLS === 'exit') process.on('exit', tell)
else process.on('SIGUSR2', tell)
`
const reporterFile = join(folder(), 'reporter.cjs')
writeFileSync(reporterFile, reporter)

function start(
  parameters: readonly string[],
  tells: 'exit' | 'signal',
  stdout: 'pipe' | 'ignore',
): ChildProcess {
  return spawn(process.execPath, ['-r', reporterFile, ...parameters], {
    // What a proxy logs is of no interest here; what goes wrong in a program that ends is.
    stdio: ['ignore', stdout, tells === 'exit' ? 'inherit' : 'ignore', 'pipe'],
    env: { ...process.env, EZ_BENCH_TELLS: tells, NO_COLOR: '1' },
  })
}

/** Runs a program of Node to its end. */
export async function run(...parameters: readonly string[]): Promise<Usage> {
  const child = start(parameters, 'exit', 'ignore')
  let told = ''
  child.stdio[3]?.on('data', (chunk: Buffer) => {
    told += String(chunk)
  })
  const [code] = (await once(child, 'close')) as [number | null]
  if (code !== 0) throw new Error(`${parameters.join(' ')} ended with ${code}.`)
  return JSON.parse(told) as Usage
}

/** A program that goes on, and the first line that it printed. */
export interface Running {
  readonly line: string
  used(): Promise<Usage>
}

/** Starts a program that prints a line when it is ready; it ends with this process. */
export async function runOn(...parameters: readonly string[]): Promise<Running> {
  const child = start(parameters, 'signal', 'pipe')
  process.once('exit', () => child.kill('SIGKILL'))
  const [line] = (await once(child.stdout as NodeJS.ReadableStream, 'data')) as [Buffer]
  const told = child.stdio[3] as NodeJS.ReadableStream
  child.unref()
  return {
    line: String(line),
    used: async () => {
      child.kill('SIGUSR2')
      const [usage] = (await once(told, 'data')) as [Buffer]
      return JSON.parse(String(usage)) as Usage
    },
  }
}
