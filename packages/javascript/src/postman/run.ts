import { scriptFailed } from '../failure.ts'
import { runInWorker } from '../in-worker.ts'
import { answerFetch } from '../network.ts'
import type { NetworkGrant } from '../options.ts'
import type { Edit, Failure, FetchCall, FromWorker, Job } from '../protocol.ts'
import { Secrets } from '../secrets.ts'
import { giveWorker, type SandboxWorker, takeWorker } from '../workers.ts'
import type {
  PostmanAttempt,
  PostmanChange,
  PostmanOutcome,
  PostmanRequest,
  PostmanScriptsOptions,
} from './types.ts'

interface Result {
  readonly changes: readonly PostmanChange[]
  readonly tests: PostmanOutcome['tests']
  readonly request?: PostmanRequest
  readonly original?: PostmanRequest
}

/** Options with their defaults. */
export interface CheckedOptions extends Required<Omit<PostmanScriptsOptions, 'allow'>> {
  readonly allow?: NetworkGrant
}

/** The scripts of one attempt in a worker. */
export class PostmanRun {
  readonly #options: CheckedOptions
  readonly #attempt: PostmanAttempt
  readonly #secrets = new Secrets()
  readonly #fetches = new AbortController()
  #edits: readonly Edit[] = []
  #failure: Failure | undefined
  #sent = false

  constructor(options: CheckedOptions, attempt: PostmanAttempt) {
    this.#options = options
    this.#attempt = attempt
  }

  /** Whether the engine broke before anything was sent. */
  get mayRunAgain(): boolean {
    return this.#failure?.kind === 'broken' && !this.#sent
  }

  async run(): Promise<void> {
    const signal = this.#attempt.signal ?? this.#fetches.signal
    signal.throwIfAborted()
    const worker = await takeWorker()
    let spent = true
    try {
      const failure = await runInWorker(worker, this.#job(), signal, (message) =>
        this.#heard(message, worker),
      )
      this.#failure ??= failure
      spent = failure !== undefined
    } finally {
      this.#fetches.abort()
      giveWorker(worker, spent)
    }
  }

  #job(): Job {
    const { scripts, timeoutMs, memoryMb, allow } = this.#options
    const {
      request,
      scopes = {},
      shared: pool = {},
      response,
      environmentName,
      requestName,
      requestId,
      now,
    } = this.#attempt
    const values: Record<string, unknown> = {}
    for (const scope of [
      'variables',
      'iterationData',
      'environment',
      'collectionVariables',
      'globals',
    ] as const)
      values[scope] = scopes[scope] ?? {}
    const shared = this.#secrets.share({ scopes: values, shared: pool })
    const rest = JSON.stringify({
      request,
      response,
      environmentName,
      info: { requestName, requestId },
      network: allow !== undefined,
    })
    return {
      type: 'run',
      source: '',
      file: scripts[0]?.name ?? 'script.js',
      module: false,
      postman: scripts.map(({ name, source }) => ({ file: name, source })),
      timeoutMs,
      memoryBytes: memoryMb * 1024 * 1024,
      nonce: '',
      now: now.getTime(),
      environment: `${shared.slice(0, -1)},${rest.slice(1)}`,
      method: request.method,
      url: request.url,
      query: [],
      headers: [],
    }
  }

  #heard(message: FromWorker, worker: SandboxWorker): boolean {
    if (message.type === 'fetch') this.#fetch(message, worker)
    else if (message.type === 'done') {
      this.#edits = message.edits
      this.#failure = message.failure
    }
    return message.type === 'done'
  }

  #fetch(call: FetchCall, worker: SandboxWorker): void {
    this.#sent = true
    const { signal } = this.#fetches
    const either =
      this.#attempt.signal === undefined ? signal : AbortSignal.any([this.#attempt.signal, signal])
    const hosts = this.#options.allow?.hosts ?? []
    void answerFetch(call, hosts, this.#attempt.fetch ?? fetch, either).then((answer) => {
      if (!signal.aborted) worker.send(answer)
    })
  }

  /** What the scripts did. @throws why they failed */
  outcome(): PostmanOutcome {
    const { scripts, timeoutMs, memoryMb } = this.#options
    const failure = this.#failure
    if (failure !== undefined) {
      const file = failure.file ?? scripts[0]?.name ?? 'script.js'
      throw scriptFailed({ file, timeoutMs, memoryMb }, failure, this.#secrets)
    }
    const result = this.#edits.find((edit) => edit[0] === 'publish')?.[2] as Result
    const log = this.#edits.flatMap((edit) => (edit[0] === 'log' ? [this.#secrets.mask(edit[1])] : []))
    const changes = result.changes.map((change) =>
      'value' in change ? { ...change, value: this.#resolved(change.value) } : change,
    )
    const request = this.#secrets.resolveDeep(result.request ?? this.#attempt.request) as PostmanRequest
    const { original, tests } = result
    return { request, ...(original && { original }), changes, log, tests }
  }

  #resolved(value: unknown): unknown {
    return typeof value === 'string' ? this.#secrets.resolve(value) : this.#secrets.resolveDeep(value)
  }
}
