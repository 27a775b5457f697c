import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { EzError } from '@ez/core'
import { readBytes, readText } from '../files/source.ts'

/** One row: what `{{names}}` stand for in this request, always literal. */
export interface Row {
  /** From 1, without the header line of a CSV file. */
  readonly number: number
  readonly data: Record<string, unknown>
}

/** Reads the rows of a CSV, JSON or NDJSON file as they are needed. @throws EZ_DATA_INVALID, EZ_FILE_NOT_FOUND */
export async function* readRows(file: string): AsyncGenerator<Row, void, undefined> {
  const extension = /\.([^.]+)$/.exec(file)?.[1]?.toLowerCase()
  let number = 0
  for await (const data of valuesOf(file, extension)) {
    number += 1
    if (typeof data !== 'object' || data === null || Array.isArray(data))
      throw invalid(file, `row ${number} is no map of names and values`)
    yield { number, data: data as Record<string, unknown> }
  }
}

async function* valuesOf(file: string, extension: string | undefined): AsyncGenerator<unknown> {
  const absolute = resolve(file)
  if (extension === 'json') {
    const rows = parsed(file, await readText(file, absolute), 'the file')
    if (!Array.isArray(rows)) throw invalid(file, 'it must be a list of rows')
    yield* rows
    return
  }
  if (extension !== 'csv' && extension !== 'ndjson' && extension !== 'jsonl')
    throw new EzError('EZ_USAGE', `--data ${file}: rows come from a .csv, .json or .ndjson file.`)
  await readable(file, absolute)
  const stream = createReadStream(absolute)
  if (extension === 'csv') {
    const { parse } = await import('csv-parse')
    try {
      yield* stream.pipe(parse({ columns: true, bom: true, skip_empty_lines: true }))
    } catch (cause) {
      // The library quotes the value, which may be a secret.
      throw invalid(file, (cause as Error).message.replace(/, value is [\s\S]*$/, ''))
    }
    return
  }
  let line = 0
  for await (const text of createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY })) {
    line += 1
    if (text.trim() !== '') yield parsed(file, text, `line ${line}`)
  }
}

// Says why a file cannot be read before a stream fails somewhere in the middle.
async function readable(file: string, absolute: string): Promise<void> {
  try {
    await (await open(absolute)).close()
  } catch {
    await readBytes(file, absolute)
  }
}

function parsed(file: string, text: string, what: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch (cause) {
    throw invalid(file, `${what} is not JSON: ${(cause as Error).message}`)
  }
}

const invalid = (file: string, problem: string): EzError =>
  new EzError('EZ_DATA_INVALID', `${file}: ${problem}.`)
