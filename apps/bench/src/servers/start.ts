import { fork } from 'node:child_process'
import { once } from 'node:events'
import { dirname, extname, join } from 'node:path'

/** A file of this folder, as it lies beside the program that runs: its source, or what was bundled of it. */
export function serverFile(name: string): string {
  const main = process.argv[1] as string
  return join(dirname(main), 'servers', `${name}${extname(main)}`)
}

/** Starts a server that answers 200 after so many milliseconds; it ends with this process. @returns its origin */
export const startServer = (delayMs = 0): Promise<string> => startServerOf('plain', delayMs)

/** Starts a server of this folder with a number as its parameter; it ends with this process. @returns its origin */
export async function startServerOf(name: string, parameter: number): Promise<string> {
  const child = fork(serverFile(name), [String(parameter)], { stdio: 'inherit' })
  const [port] = (await once(child, 'message')) as [number]
  child.unref()
  child.channel?.unref()
  return `http://127.0.0.1:${port}`
}
