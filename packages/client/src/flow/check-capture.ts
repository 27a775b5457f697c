import { EzError } from '@ez/core'
import { compilePath } from '../base/json-path.ts'
import type { Capture } from './flow.ts'

const reserved: ReadonlySet<string> = new Set([
  ...['today', 'yesterday', 'min_time', 'max_time', 'min_num', 'max_num', 'cursor_val'],
  ...['now', 'timestamp', 'timestamp_ms', 'uuid', 'nonce'],
])
const captureKeys = ['json', 'xml', 'header', 'status', 'text'] as const

/**
 * Checks what is captured before anything is sent.
 *
 * @throws EZ_FLOW_INVALID, EZ_NAME_RESERVED with the place
 */
export function checkCaptures(owner: string, captures: Readonly<Record<string, Capture>>): void {
  for (const [name, capture] of Object.entries(captures)) checkCapture(owner, name, capture)
}

function checkCapture(id: string, name: string, capture: Capture): void {
  const place = `${id}.capture.${name}`
  if (!/^[A-Za-z_][\w-]*$/.test(name))
    throw invalid(place, 'a runtime value has a name of letters, digits, "_" and "-".')
  if (reserved.has(name))
    throw new EzError('EZ_NAME_RESERVED', `${place}: {%${name}%} is built in. Capture it under another name.`)
  const given = captureKeys.filter((key) => capture[key] !== undefined && (capture[key] as unknown) !== false)
  if (given.length !== 1) throw invalid(place, `it needs exactly one of ${captureKeys.join(', ')}.`)
  if (capture.json !== undefined) {
    if (typeof capture.json !== 'string')
      throw invalid(`${place}.json`, 'it must be a JSONPath; quote the path.')
    compilePath(capture.json)
  }
}

/** An error of a flow's own text. */
export function invalid(place: string, problem: string): EzError {
  return new EzError('EZ_FLOW_INVALID', `${place}: ${problem}`, { details: { place } })
}
