import { EzError } from '@ez/core'
import { type Child, launch } from '../launch.ts'
import { excessError, fatalError, outOfMemory, tookTooLong, tooMuchOutput } from './errors.ts'
import { watchMemory } from './memory-watch.ts'
import {
  type Answer,
  type Edit,
  FrameReader,
  frameOf,
  type Job,
  largestFrame,
  type Message,
  type Ready,
} from './protocol.ts'

const startTimeoutMs = 60_000
const mostStderr = 4096

/** Limits of one run, and who answers what the script asks meanwhile. */
export interface RunOptions {
  readonly timeoutMs: number
  readonly memoryMb: number
  readonly signal: AbortSignal
  /** Answers `request.resolved()`: applies the edits so far, returns JSON. */
  readonly ask: (edits: readonly Edit[]) => string
}

interface Waiting {
  take(message: Message | Ready): void
  fail(error: Error): void
}

/** One interpreter in a process of its own. It keeps the parent alive only while somebody waits for it. */
export class Interpreter {
  readonly #child: Child
  /** Resolves when it takes its first job. */
  readonly ready: Promise<void>
  #waiting: Waiting | undefined
  #holders = 0
  #stderr = ''
  /** Bytes that the process took when it had started. */
  #resident = 0
  alive = true
  runs = 0

  constructor(snapshot: string | undefined) {
    const child = launch('run', snapshot)
    this.#child = child
    const reader = new FrameReader(largestFrame)
    this.ready = new Promise((resolve, reject) => {
      this.#waiting = {
        take: (message) => {
          if ('ready' in message) this.#resident = message.resident
          resolve()
        },
        fail: reject,
      }
    })
    // Somebody awaits it later, or nobody does: a spare may die unused.
    this.ready.catch(() => undefined)
    const timer = setTimeout(() => this.kill(), startTimeoutMs)
    timer.unref()
    this.ready.then(
      () => clearTimeout(timer),
      () => clearTimeout(timer),
    )
    child.stdout.on('data', (part: Buffer) => {
      try {
        for (const frame of reader.push(part))
          this.#settle('take', JSON.parse(frame.toString('utf8')) as Message | Ready)
      } catch (error) {
        this.kill()
        this.#settle('fail', EzError.isInstance(error) ? error : fatalError('its answer is no JSON', 0))
      }
    })
    child.stderr.on('data', (part: Buffer) => {
      this.#stderr = (this.#stderr + part.toString('latin1')).slice(-mostStderr)
    })
    child.stdin.on('error', () => undefined)
    child.on('error', (error) => this.#ended(error))
    child.on('close', () => this.#ended(this.#death()))
    for (const handle of this.#handles()) handle.unref?.()
  }

  /**
   * Runs one job; the caller sees to it that there is one at a time.
   *
   * @throws EZ_SCRIPT_TIMEOUT, EZ_SCRIPT_MEMORY, EZ_SCRIPT_OUTPUT, EZ_SCRIPT_FAILED, EZ_ABORTED; the process is
   * gone after each of them
   */
  async run(job: Job, options: RunOptions): Promise<Answer> {
    this.hold()
    try {
      await this.ready
      return await this.#exchange(job, options)
    } finally {
      this.release()
    }
  }

  #exchange(job: Job, { timeoutMs, memoryMb, signal, ask }: RunOptions): Promise<Answer> {
    this.runs += 1
    return new Promise((resolve, reject) => {
      let timer: NodeJS.Timeout | undefined
      let endWatch = (): void => undefined
      const settle = (finish: () => void): void => {
        clearTimeout(timer)
        endWatch()
        signal.removeEventListener('abort', abort)
        this.#waiting = undefined
        finish()
      }
      const stop = (error: EzError): void => {
        this.kill()
        settle(() => reject(error))
      }
      const aborted = (): EzError =>
        new EzError('EZ_ABORTED', 'the script was stopped because the request was aborted.', {
          cause: signal.reason,
        })
      const abort = (): void => stop(aborted())
      // While it stood in line; the interpreter has done nothing yet.
      if (signal.aborted) return settle(() => reject(aborted()))
      signal.addEventListener('abort', abort, { once: true })
      timer = setTimeout(() => stop(tookTooLong(timeoutMs)), timeoutMs)
      const { pid } = this.#child
      if (pid !== undefined)
        endWatch = watchMemory(pid, this.#resident + job.memory + job.slack, () =>
          stop(outOfMemory(`the ${memoryMb} MB that it`)),
        )
      this.#waiting = {
        take: (message) => {
          if ('ready' in message) return
          if ('ask' in message) {
            try {
              this.#child.stdin.write(frameOf(`${ask(message.ask.edits)}\n`))
            } catch (error) {
              this.kill()
              settle(() => reject(error))
            }
          } else if ('fatal' in message) stop(fatalError(message.fatal, memoryMb))
          else if ('excess' in message) stop(excessError(message.excess, timeoutMs, memoryMb))
          else if (message.result.excess !== undefined) stop(tooMuchOutput(message.result.excess))
          else settle(() => resolve(message))
        },
        fail: (error) => settle(() => reject(error)),
      }
      this.#child.stdin.write(frameOf(JSON.stringify(job)))
    })
  }

  /** Keeps the parent's process alive until as many releases. */
  hold(): void {
    this.#holders += 1
    if (this.#holders === 1) for (const handle of this.#handles()) handle.ref?.()
  }

  /** Ends a {@link hold}. */
  release(): void {
    this.#holders -= 1
    if (this.#holders === 0) for (const handle of this.#handles()) handle.unref?.()
  }

  /** Ends the process at once. */
  kill(): void {
    this.alive = false
    this.#child.kill('SIGKILL')
  }

  #handles(): { ref?(): void; unref?(): void }[] {
    const { stdin, stdout, stderr } = this.#child
    return [this.#child, stdin, stdout, stderr] as { ref?(): void; unref?(): void }[]
  }

  #settle(how: 'take', message: Message | Ready): void
  #settle(how: 'fail', error: Error): void
  #settle(how: 'take' | 'fail', what: Message | Ready | Error): void {
    const waiting = this.#waiting
    if (how === 'take') waiting?.take(what as Message | Ready)
    else waiting?.fail(what as Error)
  }

  #ended(error: Error): void {
    this.alive = false
    this.#settle('fail', error)
  }

  #death(): EzError {
    if (/out of memory|allocation failed/i.test(this.#stderr)) return outOfMemory('its process')
    return new EzError(
      'EZ_SCRIPT_FAILED',
      `the interpreter ended (${this.#child.signalCode ?? `exit code ${this.#child.exitCode}`}). The next run gets another one.`,
      { cause: new Error(this.#stderr.slice(-1000)) },
    )
  }
}
