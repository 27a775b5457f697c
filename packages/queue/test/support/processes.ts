import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const program = fileURLToPath(new URL('./worker.ts', import.meta.url))

/** A worker in a process of its own. */
export interface WorkerProcess {
  readonly child: ChildProcess
  /** Comes back when it has said the word. */
  said(word: string): Promise<void>
  /** Ends it as a power cut would: kill -9. */
  kill(): Promise<void>
  /** Asks it to end; its exit code. */
  end(): Promise<number | null>
}

/** Starts a worker; it comes back when it takes rows. */
export async function startWorker(address: string, blockMs = 0): Promise<WorkerProcess> {
  const child = spawn(process.execPath, [program, address, String(blockMs)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let output = ''
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    output += text
  })
  const said = async (word: string): Promise<void> => {
    while (!output.includes(word)) {
      if (child.exitCode !== null) throw new Error(`The worker ended with ${child.exitCode}: ${output}`)
      await Promise.race([once(child.stdout as NodeJS.ReadableStream, 'data'), once(child, 'exit')])
    }
  }
  const signal = async (name: NodeJS.Signals): Promise<number | null> => {
    if (child.exitCode === null && child.signalCode === null) {
      const ended = once(child, 'exit')
      child.kill(name)
      await ended
    }
    return child.exitCode
  }
  await said('ready')
  return {
    child,
    said,
    kill: async () => void (await signal('SIGKILL')),
    end: () => signal('SIGTERM'),
  }
}
