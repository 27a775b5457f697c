import { EzError, secret } from '@ez/core'
import type { Capture } from '../flow.ts'
import type { Answer } from './answer.ts'

/**
 * The runtime values that a flow step's answer gives, by name.
 *
 * @throws EZ_CAPTURE_MISSING with the place and what stands there instead
 */
export async function captureValues(
  captures: Readonly<Record<string, Capture>>,
  answer: Answer,
  step: string,
): Promise<Record<string, unknown>> {
  const values: Record<string, unknown> = {}
  for (const [name, capture] of Object.entries(captures)) {
    const found = await readCapture(capture, answer)
    const value = found ?? capture.default
    if (isAbsent(found) && capture.default === undefined) throw missing(name, capture, answer, step)
    const kept = isAbsent(found) ? value : found
    values[name] = capture.secret === true ? secret(textOf(kept)) : kept
  }
  return values
}

/** What stands at a capture's place; `undefined` when nothing does. */
export async function readCapture(capture: Capture, answer: Answer): Promise<unknown> {
  if (capture.json !== undefined) return answer.json === undefined ? undefined : answer.at(capture.json)
  if (capture.xml !== undefined) return (await answer.xml()).read(capture.xml)
  if (capture.header !== undefined) return answer.headers.get(capture.header)
  if (capture.status === true) return answer.status
  return answer.text
}

/** Whether a value counts as none. */
export const isAbsent = (value: unknown): boolean => value === undefined || value === null || value === ''

/** A value as the text of a secret. */
export const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))

/** Where a capture reads, in words. */
export function placeOfCapture({ json, xml, header, status }: Capture): string {
  if (json !== undefined) return json
  if (xml !== undefined) return xml
  if (header !== undefined) return `the header ${header}`
  return status === true ? 'the status' : 'the body'
}

function missing(name: string, capture: Capture, answer: Answer, step: string): EzError {
  const place = placeOfCapture(capture)
  return new EzError(
    'EZ_CAPTURE_MISSING',
    `${step}: nothing was captured for {%${name}%}: ${place} ${instead(capture, answer)}. Correct the path, or give a default.`,
    { details: { step, name, place } },
  )
}

// Only the shape: the values of an answer may be secret.
function instead({ json, header }: Capture, answer: Answer): string {
  if (header !== undefined) return `is not among ${[...answer.headers.keys()].join(', ')}`
  if (json === undefined) return 'is empty'
  if (answer.json === undefined) return `cannot be read: the answer (status ${answer.status}) is no JSON`
  const found = answer.at(json)
  if (found === null) return 'is null'
  if (found === '') return 'is empty'
  return `matches nothing; ${shapeOf(answer.json)}`
}

function shapeOf(value: unknown): string {
  if (Array.isArray(value)) return `the answer is a list of ${value.length}`
  if (typeof value !== 'object' || value === null)
    return `the answer is a ${value === null ? 'null' : typeof value}`
  const keys = Object.keys(value)
  const shown = keys.slice(0, 12).join(', ')
  return `the answer has ${keys.length === 0 ? 'no keys' : `the keys ${shown}${keys.length > 12 ? ', …' : ''}`}`
}
