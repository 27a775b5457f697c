import { readFile } from 'node:fs/promises'

const everyMs = 50

/**
 * Watches the memory of a process from outside: `over` is called once, when the process takes more than `most` bytes.
 * Only Linux tells without another process; elsewhere the interpreter looks for itself. Returns what ends the watch.
 */
export function watchMemory(pid: number, most: number, over: () => void): () => void {
  if (process.platform !== 'linux') return () => undefined
  let ended = false
  let timer: NodeJS.Timeout
  const look = async (): Promise<void> => {
    const resident = await residentMemory(pid)
    if (ended || resident === undefined) return
    if (resident > most) over()
    else next()
  }
  const next = (): void => {
    timer = setTimeout(look, everyMs)
    timer.unref()
  }
  next()
  return () => {
    ended = true
    clearTimeout(timer)
  }
}

/** Bytes; `undefined` when the process is gone. Source: proc_pid_status(5), VmRSS. */
async function residentMemory(pid: number): Promise<number | undefined> {
  const status = await readFile(`/proc/${pid}/status`, 'latin1').catch(() => '')
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(status) ?? []
  return kilobytes === undefined ? undefined : Number(kilobytes) * 1024
}
