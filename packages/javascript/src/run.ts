import { type EditableRequest, EzError, type ScriptContext } from '@ez/core'
import { applyEdit } from './edits.ts'
import { scriptError, scriptFailed } from './failure.ts'
import { runInWorker } from './in-worker.ts'
import type { LoadedScript } from './loaded-script.ts'
import { answerFetch } from './network.ts'
import type { Answer, Edit, Failure, FetchCall, FromWorker, Job, Question, WireRequest } from './protocol.ts'
import { Secrets } from './secrets.ts'
import { giveWorker, type SandboxWorker, takeWorker } from './workers.ts'

/** Runs a script once and does to the request what it asked for. */
export async function runScript(
  script: LoadedScript,
  request: EditableRequest,
  context: ScriptContext,
): Promise<void> {
  context.signal.throwIfAborted()
  let run = await runOnce(script, request, context)
  // A fault of the engine is not the script's: once more, where it has left no trace.
  if (run.broken && run.leftNoTrace) run = await runOnce(script, request, context)
  run.conclude()
}

async function runOnce(script: LoadedScript, request: EditableRequest, context: ScriptContext): Promise<Run> {
  const run = new Run(script, request, context)
  const job = await run.job()
  const worker = await takeWorker()
  let spent = true
  try {
    spent = await run.in(worker, job)
  } finally {
    giveWorker(worker, spent)
  }
  return run
}

class Run {
  readonly #script: LoadedScript
  readonly #request: EditableRequest
  readonly #context: ScriptContext
  readonly #secrets = new Secrets()
  #fetches: AbortController | undefined
  #edits: readonly Edit[] = []
  #failure: Failure | undefined
  /** What the host itself refused; it goes before whatever the script made of it. */
  #refusal: unknown
  /** Whether anything that it did is done already. */
  #traced = false

  constructor(script: LoadedScript, request: EditableRequest, context: ScriptContext) {
    this.#script = script
    this.#request = request
    this.#context = context
  }

  /** Whether the engine broke. */
  get broken(): boolean {
    return this.#failure?.kind === 'broken'
  }

  /** Whether the script has sent nothing, and nothing that it did is done yet. */
  get leftNoTrace(): boolean {
    return !this.#traced && this.#fetches === undefined && this.#refusal === undefined
  }

  /** Runs it; tells whether the worker is spent. */
  async in(worker: SandboxWorker, job: Job): Promise<boolean> {
    try {
      const failure = await runInWorker(worker, job, this.#context.signal, (message) =>
        this.#heard(message, worker),
      )
      this.#failure ??= failure
      return failure !== undefined
    } finally {
      this.#fetches?.abort()
    }
  }

  /** What the script is told. Only variables that its source names are resolved, and leave the host. */
  async job(): Promise<Job> {
    const { source, file, module, parameters, timeoutMs, memoryMb, hosts } = this.#script
    const secrets = this.#secrets
    const names = Object.keys(this.#context.variables)
    const named: Record<string, unknown> = {}
    for (const name of names) {
      if (!source.includes(name)) continue
      try {
        named[name] = await this.#context.variables[name]
      } catch (error) {
        // The name may stand in the source by chance. A script that does read the variable asks for it.
        if (!EzError.isInstance(error) || error.code !== 'EZ_VARIABLE_MISSING') throw error
      }
    }
    // Shared first: they tell which secrets the texts of the request must not show.
    const variables = this.#share(named)
    const shared = this.#share(parameters)
    for (const value of this.#context.withheld) secrets.withhold(value)
    const rest = JSON.stringify({
      names,
      wanted: this.#context.wanted,
      network: hosts !== undefined,
    })
    return {
      type: 'run',
      source,
      file,
      module,
      timeoutMs,
      memoryBytes: memoryMb * 1024 * 1024,
      nonce: this.#context.nonce(),
      now: this.#context.now().getTime(),
      environment: `{"variables":${variables},"parameters":${shared},${rest.slice(1)}`,
      method: this.#request.method,
      url: secrets.hide(this.#request.url),
      query: this.#shown(this.#request.query.entries()),
      headers: this.#shown(this.#request.headers.entries()),
    }
  }

  #share(values: Readonly<Record<string, unknown>>): string {
    const text = this.#secrets.share(values)
    for (const value of this.#secrets.known()) this.#context.conceal(value)
    return text
  }

  #shown(pairs: Iterable<readonly [string, string]>): [string, string][] {
    return Array.from(pairs, ([name, value]) => [this.#secrets.hide(name), this.#secrets.hide(value)])
  }

  /** Serves what the worker asks for; tells whether the run is over. */
  #heard(message: FromWorker, worker: SandboxWorker): boolean {
    if (message.type === 'ask')
      void this.#answer(message.edits, message.question).then((answer) => worker.answer(answer))
    else if (message.type === 'fetch') this.#fetch(message, worker)
    else if (message.type === 'done') {
      this.#edits = message.edits
      this.#failure = message.failure
    }
    return message.type === 'done'
  }

  #fetch(call: FetchCall, worker: SandboxWorker): void {
    this.#fetches ??= new AbortController()
    const { signal } = this.#fetches
    const either = AbortSignal.any([this.#context.signal, signal])
    void answerFetch(call, this.#script.hosts ?? [], this.#context.fetch, either).then((answer) => {
      if (!signal.aborted) worker.send(answer)
    })
  }

  async #answer(edits: readonly Edit[], question: Question): Promise<Answer> {
    try {
      for (const edit of edits) this.#apply(edit)
      this.#traced ||= edits.length > 0
      if (question.kind === 'request') return { value: this.#read() }
      const { name } = question
      const value =
        question.kind === 'runtime' ? this.#context.runtime(name) : await this.#context.variables[name]
      return { value: (JSON.parse(this.#share({ value })) as { value?: unknown }).value }
    } catch (error) {
      this.#refusal ??= error
      return { error: (error as Error).message }
    }
  }

  #read(): WireRequest {
    const { method, url, headers, body } = this.#request.resolved()
    if (body !== null && !(body instanceof Uint8Array))
      throw scriptError(
        'EZ_SCRIPT_FAILED',
        this.#script.file,
        'the body is a stream, which scripts cannot read.',
      )
    for (const value of this.#context.withheld) this.#secrets.withhold(value)
    if (body !== null) this.#secrets.refuseIn(body, this.#script.file)
    return { method, url: this.#secrets.hide(url), headers: this.#shown(headers), body }
  }

  /** Applies what the script did, or throws why it failed. */
  conclude(): void {
    if (this.#failure !== undefined || this.#refusal !== undefined)
      for (const edit of this.#edits) if (edit[0] === 'log') this.#apply(edit)
    if (this.#refusal !== undefined) throw this.#refusal
    if (this.#failure !== undefined) throw scriptFailed(this.#script, this.#failure, this.#secrets)
    for (const edit of this.#edits) this.#apply(edit)
  }

  #apply(edit: Edit): void {
    applyEdit(edit, this.#request, this.#context, this.#secrets)
  }
}
