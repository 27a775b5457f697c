import { readFileSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'

/** Who holds a file of results. */
export interface Holder {
  /** Of this very run. */
  readonly token: string
  readonly host: string
  /** Of the start of the machine; empty where the system does not tell. */
  readonly boot: string
  /** The name space of process ids, as of a container; empty where the system does not tell. */
  readonly processNamespace: string
  readonly process: number
  /** When the process started, by the system's clock ticks; empty where it does not tell. */
  readonly started: string
  /** ISO instant at which it took the file. */
  readonly since: string
}

/** This process as a holder. */
export function createHolder(token: string, since: Date): Holder {
  return {
    token,
    ...place(),
    process: process.pid,
    started: startOf(process.pid),
    since: since.toISOString(),
  }
}

/** Reads a holder; `undefined` for anything else, such as the lock of an older version. */
export function readHolder(text: string): Holder | undefined {
  try {
    const value = JSON.parse(text) as Partial<Record<keyof Holder, unknown>> | null
    const texts = ['token', 'host', 'boot', 'processNamespace', 'started', 'since'] as const
    return typeof value === 'object' &&
      value !== null &&
      Number.isInteger(value.process) &&
      texts.every((name) => typeof value[name] === 'string')
      ? (value as unknown as Holder)
      : undefined
  } catch {
    return undefined
  }
}

/**
 * Whether a holder goes on; `unknown` when it is of another machine, start or name space, whose processes cannot be
 * seen from here.
 *
 * Never by age: a process that was stopped for long wakes up and goes on.
 */
export function stateOf(holder: Holder): 'running' | 'ended' | 'unknown' {
  const here = place()
  if (
    holder.host !== here.host ||
    holder.boot !== here.boot ||
    holder.processNamespace !== here.processNamespace
  )
    return 'unknown'
  try {
    process.kill(holder.process, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return 'ended'
  }
  // The number of a process that has ended is given to another in time.
  return startOf(holder.process) === holder.started ? 'running' : 'ended'
}

function place(): Pick<Holder, 'host' | 'boot' | 'processNamespace'> {
  return {
    host: hostname(),
    boot: told(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()),
    processNamespace: told(() => readlinkSync('/proc/self/ns/pid')),
  }
}

function startOf(pid: number): string {
  return told(() => {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The name of the program stands in brackets, and may hold anything; starttime is the 20th field after it (proc_pid_stat(5)).
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''
  })
}

function told(read: () => string): string {
  try {
    return read()
  } catch {
    return ''
  }
}
