import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'

/** A server that a test has started on loopback. */
export interface Running {
  readonly port: number
  /** Ends it, and comes back when it has ended. */
  stop(): Promise<void>
  /** Ends it as a power cut of its own would: kill -9. */
  kill(): Promise<void>
  /** Starts it again on the same port. */
  restart(): Promise<void>
}

/** Starts a server on a port of its own; another port when somebody has taken it meanwhile. */
export async function startProgram(
  command: string,
  parametersFor: (port: number) => readonly string[],
  ready: RegExp,
  options: SpawnOptions = {},
): Promise<Running> {
  let said = ''
  for (let tries = 0; tries < 5; tries += 1) {
    const port = await freePort()
    const start = (): ChildProcess =>
      spawn(command, parametersFor(port), { ...options, stdio: ['ignore', 'pipe', 'pipe'] })
    let child = start()
    said = ''
    const isUp = (): Promise<boolean> => isReady(child, ready, (text) => (said += text))
    if (!(await isUp())) continue
    return {
      port,
      stop: () => stopped(child, 'SIGINT'),
      kill: () => stopped(child, 'SIGKILL'),
      async restart() {
        child = start()
        if (!(await isUp())) throw new Error(`${command} did not start again: ${said}`)
      },
    }
  }
  throw new Error(`${command} did not start: ${said}`)
}

/** Whether the program says that it is ready before it ends. */
function isReady(child: ChildProcess, ready: RegExp, hear: (text: string) => string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', () => resolve(false))
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => {
        if (ready.test(hear(text))) resolve(true)
      })
  })
}

async function stopped(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill(signal)
  await ended
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
