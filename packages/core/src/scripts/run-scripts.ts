import type { Attempt } from '../attempt/attempt.ts'
import { checkAborted, stepError } from '../attempt/failure.ts'
import { withTimeLimit } from '../attempt/time-limit.ts'
import { EzError } from '../base/error.ts'
import { isThenable } from '../base/promises.ts'
import { reveal, Secret } from '../base/secret.ts'
import type { PreRequestScript, ScriptContext, Signer } from '../contract/step.ts'
import { Reading } from '../freeze/read.ts'
import { mark } from '../masking/mask.ts'
import { openNames } from '../outputs/open-names.ts'
import type { Draft } from '../template/draft.ts'
import { textOf } from '../values/json.ts'
import { changes, snapshot } from './changes.ts'
import { EditableDraft } from './editable-request.ts'

/** Runs the scripts in order on a draft; gives what they have read of it by `resolved()`. */
export async function runScripts(
  scripts: readonly PreRequestScript[],
  signers: readonly Signer[],
  draft: Draft,
  attempt: Attempt,
): Promise<Reading> {
  const reading = new Reading(draft, signers, attempt)
  for (const [index, script] of scripts.entries()) {
    const wanted = openNames(draft)
    for (const later of scripts.slice(index + 1)) for (const name of later.reads ?? []) wanted.add(name)
    await runScript(script, draft, attempt, reading, wanted)
  }
  return reading
}

/** Runs one script, within its time, and records what it changed, published and logged. */
async function runScript(
  script: PreRequestScript,
  draft: Draft,
  attempt: Attempt,
  reading: Reading,
  wanted: ReadonlySet<string>,
): Promise<void> {
  const { recorder, scriptValues: values } = attempt
  const { id } = script
  checkAborted(attempt)
  let ended = false
  // What comes late would count as the next script's, or be lost.
  const checkRunning = (): void => {
    if (ended)
      throw new EzError(
        'EZ_SCRIPT_ENDED',
        `${id}: the script went on after it had ended. Return or await the promise of what it does.`,
      )
  }
  const request = new EditableDraft(draft, attempt, reading, checkRunning)
  const before = snapshot(draft, attempt.runtimeValues)
  let after = before
  recorder.concealRequest(before)
  const published = new Map<string, string>()
  const context: ScriptContext = {
    now: () => attempt.clock.now(),
    nonce: () => attempt.clock.nonce(),
    get variables() {
      return values.variables
    },
    get signal() {
      return attempt.stepSignal
    },
    // Called without a receiver, as browsers and Workers want it.
    fetch: (...given) => (attempt.context.fetch ?? fetch)(...given),
    wanted: [...wanted],
    get withheld() {
      return attempt.variables.withheld
    },
    lookup: (path) => values.lookup(path),
    runtime: (name) => values.runtime(name),
    conceal: (value) => attempt.conceal(Secret.isInstance(value) ? value : reveal(value)),
    publish: (name, value) => {
      checkRunning()
      // What has no text could be neither filled in nor shown.
      const text = value === undefined ? '(none)' : textOf(value, `{%${name}%}`)
      values.publish(name, value)
      published.set(name, Secret.isInstance(value) ? mark : text)
    },
    log: (message: unknown) => {
      checkRunning()
      if (typeof message === 'object') attempt.conceal(message)
      recorder.add(id, 'log', messageText(message))
    },
  }
  const started = performance.now()
  try {
    const pending: unknown = script.run(request, context)
    if (isThenable(pending)) await withTimeLimit(pending, id, attempt)
  } catch (cause) {
    throw stepError(cause, 'EZ_SCRIPT_FAILED', id, 'script')
  } finally {
    ended = true
    after = snapshot(draft, attempt.runtimeValues)
    recorder.concealRequest(after)
  }
  for (const change of changes(before, after)) recorder.add(id, 'change', change)
  for (const [name, text] of published) recorder.add(id, 'output', (mask) => `${name} = ${mask.apply(text)}`)
  recorder.log(id, 'duration-ms', (performance.now() - started).toFixed(3))
}

// Scripts in JavaScript log anything, as with console.log.
function messageText(message: unknown): string {
  try {
    return message instanceof Error ? String(message) : textOf(message, 'log')
  } catch {
    return Object.prototype.toString.call(message)
  }
}
