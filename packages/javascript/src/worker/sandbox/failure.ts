import type { Failure } from '../../protocol.ts'
import type { Handle } from '../engine/exports.ts'
import type { Runtime } from '../engine/runtime.ts'
import { Thrown } from '../engine/values.ts'

const longestMessage = 1000

/** Why the host stopped an engine. */
export type Stop = 'timeout' | 'output'

/** What went wrong, told from what the script threw. */
export function describeFailure(runtime: Runtime, file: string, thrown: Handle): Failure {
  const text = (name: string): string => {
    const property = runtime.property(thrown, name)
    return runtime.isText(property) ? runtime.text(property).slice(0, longestMessage) : ''
  }
  try {
    if (!runtime.isObject(thrown))
      return { kind: 'failed', message: `it threw ${runtime.text(thrown).slice(0, longestMessage)}` }
    const name = text('name')
    const message = text('message')
    if (name === 'InternalError' && message === 'out of memory') return { kind: 'memory', message: '' }
    if (name === '' && message === '')
      return { kind: 'failed', message: 'it threw an object that is no Error' }
    const line = lineOf(text('stack'), file)
    return {
      kind: 'failed',
      message: name === '' ? message : `${name}: ${message}`,
      ...(line === undefined ? {} : { line, file }),
    }
  } catch (error) {
    // A getter of the thrown object can throw in its turn.
    if (!(error instanceof Thrown)) throw error
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
