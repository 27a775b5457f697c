import type { Attempt } from './attempt.ts'
import type { Draft } from './draft.ts'
import { EditableDraft, openNames } from './editable.ts'
import { EzError } from './error.ts'
import { textOf } from './json.ts'
import { type Mask, mark, sensitiveHeaders } from './mask.ts'
import type { ResolvedRequest } from './request.ts'
import { Secret } from './secret.ts'
import type { PreRequestScript, ScriptContext, Signer, SignResult } from './step.ts'

const defaultTimeoutMs = 30_000

/** Runs the scripts in order; the frozen request is what they leave. */
export async function runScripts(
  scripts: readonly PreRequestScript[],
  draft: Draft,
  attempt: Attempt,
): Promise<ResolvedRequest> {
  const editable = new EditableDraft(draft, attempt)
  for (const [index, script] of scripts.entries()) {
    const wanted = openNames(draft)
    for (const later of scripts.slice(index + 1)) for (const name of later.reads ?? []) wanted.add(name)
    await runScript(script, editable, attempt, wanted)
  }
  return editable.freeze()
}

/** Runs one script, within its time, and records what it changed, published and logged. */
async function runScript(
  script: PreRequestScript,
  request: EditableDraft,
  attempt: Attempt,
  open: ReadonlySet<string>,
): Promise<void> {
  const { recorder } = attempt
  const { id } = script
  checkAborted(attempt)
  const before = snapshot(request)
  const published = new Map<string, unknown>()
  const context: ScriptContext = {
    now: () => attempt.now(),
    nonce: () => attempt.nonce(),
    get variables() {
      return attempt.variables
    },
    signal: attempt.signal ?? new AbortController().signal,
    fetch: attempt.context.fetch ?? fetch,
    wanted: [...open],
    get withheld() {
      return attempt.scope.withheld
    },
    lookup: (path) => attempt.lookup(path),
    runtime: (name) => attempt.runtimeValue(name),
    conceal: (value) => attempt.conceal(value),
    publish: (name, value) => {
      attempt.publish(name, value)
      published.set(name, value)
    },
    log: (message) => recorder.add(id, 'log', message),
  }
  const started = performance.now()
  try {
    const pending = script.run(request, context)
    if (pending instanceof Promise) await limited(pending, id, attempt)
    else await pending
  } catch (cause) {
    throw stepFailed(cause, 'EZ_SCRIPT_FAILED', id, 'script')
  }
  for (const change of changes(before, snapshot(request))) recorder.add(id, 'change', change)
  for (const [name, value] of published)
    recorder.add(
      id,
      'output',
      (mask) => `${name} = ${Secret.isInstance(value) ? mark : mask.apply(textOf(value, name))}`,
    )
  recorder.tell(id, 'duration-ms', (performance.now() - started).toFixed(3))
}

/** Calls a signer, within its time; waits only for one that is asynchronous. @throws EZ_SIGNER_FAILED */
export function runSigner(
  signer: Signer,
  request: ResolvedRequest,
  attempt: Attempt,
): SignResult | Promise<SignResult> {
  checkAborted(attempt)
  const failed = (cause: unknown): never => {
    throw stepFailed(cause, 'EZ_SIGNER_FAILED', signer.id, 'signer')
  }
  try {
    const pending = signer.sign(request, attempt.signContext)
    return pending instanceof Promise ? limited(pending, signer.id, attempt).catch(failed) : pending
  } catch (cause) {
    return failed(cause)
  }
}

function stepFailed(cause: unknown, code: string, id: string, kind: string): EzError {
  if (EzError.isInstance(cause)) return cause
  return new EzError(code, `${id}: the ${kind} failed: ${messageOf(cause)}`, { cause })
}

/** Waits for a step, but not longer than it may take, and not past an abort. */
function limited<Result>(pending: Promise<Result>, id: string, attempt: Attempt): Promise<Result> {
  const limit = attempt.context.stepTimeoutMs ?? defaultTimeoutMs
  const { signal } = attempt
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () =>
        reject(
          new EzError(
            'EZ_STEP_TIMEOUT',
            `${id}: it took longer than ${limit} ms. Raise stepTimeoutMs, or see what it waits for.`,
          ),
        ),
      limit,
    )
    const abort = (): void => reject(aborted(attempt))
    signal?.addEventListener('abort', abort, { once: true })
    pending.then(resolve, reject).finally(() => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', abort)
    })
    if (signal?.aborted) abort()
  })
}

/** @throws EZ_ABORTED */
export function checkAborted(attempt: Attempt): void {
  if (attempt.signal?.aborted) throw aborted(attempt)
}

function aborted(attempt: Attempt): EzError {
  return new EzError('EZ_ABORTED', 'The request was aborted before it was sent.', {
    cause: attempt.signal?.reason,
  })
}

interface Snapshot {
  readonly method: string
  readonly url: string
  readonly query: readonly (readonly [string, string])[]
  readonly headers: readonly (readonly [string, string])[]
  readonly body: unknown
}

function snapshot(request: EditableDraft): Snapshot {
  return {
    method: request.method,
    url: request.url,
    query: [...request.query.entries()],
    headers: [...request.headers.entries()],
    body: request.bodyIdentity,
  }
}

type Change = (mask: Mask) => string

function changes(before: Snapshot, after: Snapshot): Change[] {
  const list: Change[] = []
  const add = (what: string, old: string | undefined, now: string | undefined): void => {
    const show = (text: string | undefined, mask: Mask): string =>
      text === undefined
        ? '(none)'
        : sensitiveHeaders.has(what.replace('headers.', ''))
          ? mark
          : mask.apply(text)
    if (old !== now) list.push((mask) => `${what}: ${show(old, mask)} → ${show(now, mask)}`)
  }
  add('method', before.method, after.method)
  add('url', before.url, after.url)
  for (const part of ['query', 'headers'] as const) {
    const names = new Set([...before[part], ...after[part]].map(([name]) => name))
    for (const name of names) add(`${part}.${name}`, joined(before[part], name), joined(after[part], name))
  }
  if (before.body !== after.body) list.push(() => 'body: replaced')
  return list
}

function joined(pairs: Snapshot['query'], name: string): string | undefined {
  const values = pairs.filter(([known]) => known === name).map(([, value]) => value)
  return values.length === 0 ? undefined : values.join(', ')
}

/** An error of the pipeline: coded, without secrets, with the trace so far. */
export function maskedError(error: unknown, attempt: Attempt): EzError {
  const { recorder } = attempt
  const mask = recorder.mask()
  const known = EzError.isInstance(error)
  const cause = known ? error.cause : error
  const message = known
    ? error.message
    : attempt.signal?.aborted
      ? 'The request was aborted before it was sent.'
      : `The request could not be prepared: ${messageOf(error)}`
  const code = known ? error.code : attempt.signal?.aborted ? 'EZ_ABORTED' : 'EZ_PREPARE_FAILED'
  return new EzError(code, mask.apply(message), {
    trace: recorder.steps(),
    ...(known ? { details: maskedDetails(error.details, mask) } : {}),
    ...(cause === undefined ? {} : { cause: maskedCause(cause, mask) }),
  })
}

function maskedDetails(details: Readonly<Record<string, unknown>>, mask: Mask): Record<string, unknown> {
  const masked = (value: unknown): unknown => {
    if (typeof value === 'string') return mask.apply(value)
    if (Array.isArray(value)) return value.map(masked)
    if (typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype)
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [mask.apply(key), masked(item)]))
    return value
  }
  return masked(details) as Record<string, unknown>
}

// A thrown value may be anything, and its message may throw itself.
function messageOf(thrown: unknown): string {
  try {
    return thrown instanceof Error ? String(thrown.message) : String(thrown)
  } catch {
    return 'it threw a value that has no text'
  }
}

const deepestCause = 10

// The cause is copied, since its message may quote what the step was given.
function maskedCause(cause: unknown, mask: Mask, depth = 0): unknown {
  try {
    if (!(cause instanceof Error)) return mask.apply(messageOf(cause))
    const copy = new Error(mask.apply(messageOf(cause)))
    copy.name = mask.apply(String(cause.name))
    if (typeof cause.stack === 'string') copy.stack = mask.apply(cause.stack)
    if (cause.cause !== undefined && depth < deepestCause)
      copy.cause = maskedCause(cause.cause, mask, depth + 1)
    return copy
  } catch {
    return 'a value that cannot be read'
  }
}
