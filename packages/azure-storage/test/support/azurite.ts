import { type ChildProcess, spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/** The published account of the emulator. */
export const credentials = {
  accountName: 'devstoreaccount1',
  accountKey: 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==',
}

/** A running Azurite, which verifies every signature. */
export interface Azurite {
  /** With the account, as the emulator names it in the path. */
  readonly blob: string
  readonly queue: string
  readonly table: string
  stop(): Promise<void>
}

/** Starts Azurite on free ports of the loopback interface; nothing is written to disk. */
export async function startAzurite(): Promise<Azurite> {
  const manifest = createRequire(import.meta.url).resolve('azurite/package.json')
  const main = join(dirname(manifest), 'dist/src/azurite.js')
  const options = '--silent --inMemoryPersistence --disableTelemetry --skipApiVersionCheck'.split(' ')
  const ports = ['blob', 'queue', 'table'].flatMap((name) => [
    `--${name}Host`,
    '127.0.0.1',
    `--${name}Port`,
    '0',
  ])
  const child = spawn(process.execPath, [main, ...options, ...ports], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [blob, queue, table] = await Promise.all(
    ['Blob', 'Queue', 'Table'].map((service) => addressOf(child, service)),
  )
  return {
    blob: `${blob}/${credentials.accountName}`,
    queue: `${queue}/${credentials.accountName}`,
    table: `${table}/${credentials.accountName}`,
    stop: () =>
      new Promise((resolve) => {
        child.once('close', () => resolve())
        child.kill()
      }),
  }
}

function addressOf(child: ChildProcess, service: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = ''
    child.stdout?.on('data', (data) => {
      output += data
      const [, address] =
        new RegExp(`${service} service is successfully listening at (\\S+)`).exec(output) ?? []
      if (address !== undefined) resolve(address)
    })
    child.once('close', () => reject(new Error(`Azurite ended: ${output}`)))
  })
}
