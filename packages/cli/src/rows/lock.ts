import { randomUUID } from 'node:crypto'
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { EzError } from '@ez/core'
import { createHolder, type Holder, readHolder, stateOf } from './holder.ts'

/** A file of results that this run owns: two runs on the same rows would send each of them twice. */
export class ResultsLock {
  readonly #results: string
  readonly #file: string
  readonly #text: string

  private constructor(results: string, file: string, text: string) {
    this.#results = results
    this.#file = file
    this.#text = text
  }

  /**
   * Takes the file, also from a run that has ended; with `takeOver` from any.
   *
   * @throws EZ_RESULTS_LOCKED while another run has it, or when nobody here can see whether it goes on
   */
  static take(results: string, takeOver: boolean): ResultsLock {
    const file = `${results}.lock`
    const holder = createHolder(randomUUID(), new Date())
    const text = `${JSON.stringify(holder)}\n`
    // Written whole before it is in place, so that nobody reads half of it.
    const draft = `${file}.${holder.token}`
    writeFileSync(draft, text, { flag: 'wx', mode: 0o600 })
    try {
      if (!placed(draft, file, text)) {
        const found = textOf(file)
        const other = found === undefined ? undefined : readHolder(found)
        if (!takeOver && found !== undefined && (other === undefined || stateOf(other) !== 'ended'))
          throw locked(results, other)
        renameSync(draft, file)
      }
    } finally {
      rmSync(draft, { force: true })
    }
    const lock = new ResultsLock(results, file, text)
    // Of two that took it from the same ended run, the later one has it.
    lock.check()
    return lock
  }

  /** Makes sure that it is still this run's. @throws EZ_RESULTS_LOCKED */
  check(): void {
    const found = textOf(this.#file)
    if (found === this.#text) return
    const other = found === undefined ? undefined : readHolder(found)
    throw new EzError(
      'EZ_RESULTS_LOCKED',
      `--out ${this.#results}: it is no longer this run's${other ? `: ${nameOf(other)} took it over` : ', its lock is gone'}. Nothing more was sent.`,
    )
  }

  /** Gives it back, if it is still this run's. */
  release(): void {
    if (textOf(this.#file) === this.#text) rmSync(this.#file, { force: true })
  }
}

/** Puts a lock in its place unless one is there. */
function placed(draft: string, file: string, text: string): boolean {
  try {
    linkSync(draft, file)
    return true
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    if (code === 'EEXIST') return false
    if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'ENOSYS' && code !== 'EOPNOTSUPP') throw cause
  }
  // A file system without links.
  try {
    writeFileSync(file, text, { flag: 'wx', mode: 0o600 })
    return true
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw cause
  }
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw cause
  }
}

function locked(results: string, holder: Holder | undefined): EzError {
  const who = holder ? nameOf(holder) : 'another run, of which its lock does not tell'
  const advice =
    holder && stateOf(holder) === 'running'
      ? 'Wait for its end, or name another file.'
      : 'Whether it goes on cannot be seen from here. When it certainly has ended, add --take-over; else rows would be sent twice.'
  return new EzError('EZ_RESULTS_LOCKED', `--out ${results}: ${who} is writing it. ${advice}`)
}

const nameOf = ({ host, process, since }: Holder): string => `process ${process} on ${host}, since ${since},`
