import type { QuickJSContext, QuickJSHandle } from 'quickjs-emscripten-core'
import type { Failure, Job } from '../protocol.ts'

const longestMessage = 1000

/** Why the host stopped an engine. */
export type Stop = 'timeout' | 'output' | 'memory'

/** What went wrong, told from what the script threw and from why the engine was stopped. */
export function describeFailure(
  context: QuickJSContext,
  job: Job,
  stop: Stop | undefined,
  thrown: QuickJSHandle | undefined,
): Failure {
  if (stop !== undefined) return { kind: stop, message: '' }
  if (thrown === undefined) return { kind: 'failed', message: 'unknown failure' }
  const text = (name: string): string => {
    const property = context.getProp(thrown, name)
    const value = context.typeof(property) === 'string' ? context.getString(property) : ''
    property.dispose()
    return value.slice(0, longestMessage)
  }
  try {
    const kind = context.typeof(thrown)
    if (kind !== 'object' && kind !== 'function')
      return { kind: 'failed', message: `it threw ${context.getString(thrown).slice(0, longestMessage)}` }
    const name = text('name')
    const message = text('message')
    // The engine could not even make an error: null is thrown in its place.
    if (name === 'InternalError' && message === 'out of memory') return { kind: 'memory', message: '' }
    if (name === '' && message === '')
      return { kind: 'failed', message: 'it threw an object that is no Error' }
    const line = lineOf(text('stack'), job.file)
    return {
      kind: 'failed',
      message: name === '' ? message : `${name}: ${message}`,
      ...(line === undefined ? {} : { line }),
    }
  } catch {
    // A getter of the thrown object can throw in its turn.
    return { kind: 'failed', message: 'it threw an object that cannot be read' }
  }
}

/** The line of the innermost frame that is the script's own. */
function lineOf(stack: string, file: string): number | undefined {
  for (const frame of stack.split('\n')) {
    const place = /^\s*at (?:.*\()?(.*?):(\d+)(?::\d+)?\)?$/.exec(frame)
    if (place !== null && place[1] === file) return Number(place[2])
  }
  return undefined
}
