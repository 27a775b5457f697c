import type { Attempt } from '../attempt/attempt.ts'
import { checkAborted, stepFailed } from '../attempt/failure.ts'
import { limited } from '../attempt/time-limit.ts'
import { EzError } from '../base/error.ts'
import { isThenable } from '../base/promises.ts'
import { Secret } from '../base/secret.ts'
import type { ResolvedRequest } from '../contract/request.ts'
import type { PreRequestScript, ScriptContext } from '../contract/step.ts'
import { mark } from '../masking/mask.ts'
import type { Draft } from '../resolve/resolve-template.ts'
import { textOf } from '../values/json.ts'
import { changes, snapshot } from './changes.ts'
import { EditableDraft, freezeRead, openNames, type Read } from './editable-request.ts'

/** Runs the scripts in order; the frozen request is what they leave. */
export async function runScripts(
  scripts: readonly PreRequestScript[],
  draft: Draft,
  attempt: Attempt,
): Promise<ResolvedRequest> {
  const read: Read = { headers: [] }
  for (const [index, script] of scripts.entries()) {
    const wanted = openNames(draft)
    for (const later of scripts.slice(index + 1)) for (const name of later.reads ?? []) wanted.add(name)
    await runScript(script, draft, attempt, read, wanted)
  }
  return freezeRead(draft, attempt, read)
}

/** Runs one script, within its time, and records what it changed, published and logged. */
async function runScript(
  script: PreRequestScript,
  draft: Draft,
  attempt: Attempt,
  read: Read,
  open: ReadonlySet<string>,
): Promise<void> {
  const { recorder } = attempt
  const { id } = script
  checkAborted(attempt)
  let ended = false
  // What comes late would count as the next script's, or be lost.
  const running = (): void => {
    if (ended)
      throw new EzError(
        'EZ_SCRIPT_ENDED',
        `${id}: it goes on after it has ended. Return or await the promise of what it does.`,
      )
  }
  const request = new EditableDraft(draft, attempt, read, running)
  const before = snapshot(draft, attempt.runtime)
  let after = before
  recorder.see(before)
  const published = new Map<string, string>()
  const context: ScriptContext = {
    now: () => attempt.now(),
    nonce: () => attempt.nonce(),
    get variables() {
      return attempt.variables
    },
    get signal() {
      return attempt.stepSignal
    },
    // Called without a receiver, as browsers and Workers want it.
    fetch: (...given) => (attempt.context.fetch ?? fetch)(...given),
    wanted: [...open],
    get withheld() {
      return attempt.scope.withheld
    },
    lookup: (path) => attempt.lookup(path),
    runtime: (name) => attempt.runtimeValue(name),
    conceal: (value) => attempt.conceal(value),
    publish: (name, value) => {
      running()
      // What has no text could be neither filled in nor shown.
      const text = value === undefined ? '(none)' : textOf(value, `{%${name}%}`)
      attempt.publish(name, value)
      published.set(name, Secret.isInstance(value) ? mark : text)
    },
    log: (message: unknown) => {
      running()
      if (typeof message === 'object') attempt.scope.conceal(message)
      recorder.add(id, 'log', shownMessage(message))
    },
  }
  const started = performance.now()
  try {
    const pending: unknown = script.run(request, context)
    if (isThenable(pending)) await limited(pending, id, attempt)
  } catch (cause) {
    throw stepFailed(cause, 'EZ_SCRIPT_FAILED', id, 'script')
  } finally {
    ended = true
    after = snapshot(draft, attempt.runtime)
    recorder.see(after)
  }
  for (const change of changes(before, after)) recorder.add(id, 'change', change)
  for (const [name, text] of published) recorder.add(id, 'output', (mask) => `${name} = ${mask.apply(text)}`)
  recorder.tell(id, 'duration-ms', (performance.now() - started).toFixed(3))
}

// Scripts in JavaScript log anything, as with console.log.
function shownMessage(message: unknown): string {
  try {
    return message instanceof Error ? String(message) : textOf(message, 'log')
  } catch {
    return Object.prototype.toString.call(message)
  }
}
