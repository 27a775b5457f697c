import { checkOptions, EzError } from '@ez/core'
import { Interpreter, type RunOptions } from './interpreter.ts'
import type { Answer, Job } from './protocol.ts'
import { dropSnapshot, findSnapshot } from './snapshot.ts'

/** How many interpreters there are, and for how long. */
export interface PythonPoolOptions {
  /** Interpreters that wait for the first run of another script (default 1). Each takes about 200 MB. */
  readonly spares?: number
  /** Interpreters that are kept for the scripts that ran last (default 4). */
  readonly interpreters?: number
  /** Milliseconds after which an unused interpreter is closed (default 300,000). */
  readonly idleMs?: number
  /** Folder for the memory snapshot (default `node_modules/.cache/ez-python`, else the system's temporary folder). */
  readonly cacheFolder?: string
}

/** What serves one script text. */
interface Slot {
  interpreter: Interpreter | undefined
  /** Ends when the last run that was asked for has ended. */
  last: Promise<unknown>
  waiting: number
  usedAt: number
}

// A run leaves a little behind, in Python and in V8; a fresh interpreter has none of it.
const mostRuns = 20_000

/**
 * The interpreters: each serves the runs of one script text, since a script can leave traps for the next one. Spares,
 * which have run nothing, wait for the next text.
 */
export class PythonPool {
  readonly #options: { spares: number; interpreters: number; idleMs: number; cacheFolder: string | undefined }
  readonly #slots = new Map<string, Slot>()
  #spares: Promise<Interpreter>[] = []
  readonly #all = new Set<Interpreter>()
  #sweeper: NodeJS.Timeout | undefined
  #closed = false
  /** When something was last wanted; spares wait from then on. */
  #wantedAt = 0

  constructor(options: PythonPoolOptions = {}) {
    checkOptions('python pool', options, {
      spares: 'number?',
      interpreters: 'number?',
      idleMs: 'number?',
      cacheFolder: 'string?',
    })
    this.#options = {
      spares: options.spares ?? 1,
      interpreters: Math.max(1, options.interpreters ?? 4),
      idleMs: options.idleMs ?? 300_000,
      cacheFolder: options.cacheFolder,
    }
  }

  /** Starts the spares now, so that the first run finds one. Resolves when they wait. @throws EZ_SCRIPT_FAILED */
  async warm(): Promise<void> {
    this.#wantedAt = Number.POSITIVE_INFINITY
    this.#refill()
    try {
      const spares = await Promise.all(this.#spares)
      if (!(await Promise.all(spares.map(booted))).every(Boolean))
        throw new EzError('EZ_SCRIPT_FAILED', 'python pool: an interpreter did not start.')
    } finally {
      this.#wantedAt = performance.now()
    }
  }

  /** Runs a job in the interpreter of its script text; runs of one text stand in line. */
  run(key: string, job: Job, options: RunOptions, once: boolean): Promise<Answer> {
    let slot = this.#slots.get(key)
    if (!slot) slot = { interpreter: undefined, last: Promise.resolve(), waiting: 0, usedAt: 0 }
    // Back to the end of the map: the least recently used slot is the first.
    this.#slots.delete(key)
    this.#slots.set(key, slot)
    const own = slot
    own.waiting += 1
    const run = own.last.then(() => this.#runIn(own, job, options, once))
    own.last = run
      .catch(() => undefined)
      .finally(() => {
        own.waiting -= 1
        own.usedAt = performance.now()
        this.#wantedAt = Math.max(this.#wantedAt, own.usedAt)
        this.#trim()
      })
    return run
  }

  async #runIn(slot: Slot, job: Job, options: RunOptions, once: boolean): Promise<Answer> {
    if (!slot.interpreter?.alive || slot.interpreter.runs >= mostRuns) {
      slot.interpreter?.kill()
      slot.interpreter = await this.#take()
    }
    const { interpreter } = slot
    try {
      const answer = await interpreter.run(job, options)
      // Memory that was given out stays with the process.
      if (once || answer.result.error?.memory) interpreter.kill()
      return answer
    } finally {
      if (!interpreter.alive) slot.interpreter = undefined
      // Later, so that a program which prepares one request and ends starts no spare.
      setTimeout(() => this.#refill(), 50).unref()
    }
  }

  /** A spare that has started, or a new interpreter. */
  async #take(): Promise<Interpreter> {
    for (;;) {
      const spare = this.#spares.shift()
      if (!spare) return this.#started()
      const interpreter = await spare.catch(() => undefined)
      if (interpreter?.alive && (await booted(interpreter))) return interpreter
    }
  }

  /** A new interpreter; a snapshot from which it does not start is thrown away. */
  async #started(): Promise<Interpreter> {
    const { cacheFolder } = this.#options
    const snapshot = await findSnapshot(cacheFolder)
    const interpreter = this.#watched(new Interpreter(snapshot))
    if (snapshot === undefined || (await booted(interpreter))) return interpreter
    await dropSnapshot(cacheFolder, snapshot)
    return this.#watched(new Interpreter(undefined))
  }

  async #spare(): Promise<Interpreter> {
    return this.#watched(new Interpreter(await findSnapshot(this.#options.cacheFolder)))
  }

  #watched(interpreter: Interpreter): Interpreter {
    if (this.#closed) interpreter.kill()
    this.#all.add(interpreter)
    if (this.#all.size > 32) for (const old of this.#all) if (!old.alive) this.#all.delete(old)
    return interpreter
  }

  #refill(): void {
    if (this.#closed) return
    while (this.#spares.length < this.#options.spares) {
      const spare = this.#spare()
      spare.catch(() => undefined)
      this.#spares.push(spare)
    }
    if (this.#sweeper) return
    this.#sweeper = setInterval(() => this.#sweep(), Math.max(1000, this.#options.idleMs / 4))
    this.#sweeper.unref()
  }

  /** Closes the interpreters that were used least recently, down to the number that is kept. */
  #trim(): void {
    let excess = this.#slots.size - this.#options.interpreters
    for (const [key, slot] of this.#slots) {
      if (excess <= 0) return
      if (slot.waiting > 0) continue
      slot.interpreter?.kill()
      this.#slots.delete(key)
      excess -= 1
    }
  }

  #sweep(): void {
    const before = performance.now() - this.#options.idleMs
    for (const [key, slot] of this.#slots) {
      if (slot.waiting > 0 || slot.usedAt > before) continue
      slot.interpreter?.kill()
      this.#slots.delete(key)
    }
    // Nothing has run for a while: the spares go too, until the next run.
    if (this.#slots.size > 0 || this.#wantedAt > before) return
    for (const spare of this.#spares) spare.then((interpreter) => interpreter.kill()).catch(() => undefined)
    this.#spares = []
    clearInterval(this.#sweeper)
    this.#sweeper = undefined
  }

  /** Ends every interpreter at once; the pool takes no more runs. */
  close(): void {
    this.#closed = true
    clearInterval(this.#sweeper)
    for (const interpreter of this.#all) interpreter.kill()
    this.#all.clear()
    this.#slots.clear()
    this.#spares = []
  }
}

/** Waits until an interpreter has started; whether it has. */
async function booted(interpreter: Interpreter): Promise<boolean> {
  interpreter.hold()
  try {
    await interpreter.ready
    return true
  } catch {
    return false
  } finally {
    interpreter.release()
  }
}
