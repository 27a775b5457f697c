import { EzError } from '@ez/core'
import { parse } from 'csv-parse/sync'
import { parseExactJson } from './exact-json.ts'

/**
 * The records of a CSV with a head line, or of NDJSON.
 *
 * @throws EZ_RECORD_INVALID with the line
 */
export function parseRecords(text: string, format: 'csv' | 'ndjson', step: string): unknown[] {
  return format === 'csv' ? parseCsv(text, step) : parseLines(text, step)
}

function parseCsv(text: string, step: string): unknown[] {
  try {
    return parse(text, { columns: distinct, bom: true, skip_empty_lines: true })
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message : String(cause)
    throw new EzError('EZ_RECORD_INVALID', `${step}: the answer is no CSV: ${problem}.`, { cause })
  }
}

function distinct(head: string[]): string[] {
  const twice = head.find((name, index) => head.indexOf(name) !== index)
  if (twice !== undefined) throw new Error(`the column ${JSON.stringify(twice)} is there twice`)
  return head
}

function parseLines(text: string, step: string): unknown[] {
  return text.split('\n').flatMap((line, index) => {
    if (line.trim() === '') return []
    try {
      return [parseExactJson(line)]
    } catch (cause) {
      throw new EzError('EZ_RECORD_INVALID', `${step}: line ${index + 1} of the answer is no JSON.`, {
        cause,
      })
    }
  })
}
