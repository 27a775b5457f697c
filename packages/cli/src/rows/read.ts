import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { EzError } from '@ez/core'
import { readBytes } from '../files/source.ts'
import { type ColumnTypes, typedRow } from './column-types.ts'
import { csvColumns } from './columns.ts'
import { checkEncoding, decodedFile } from './encoding.ts'

/** One row: what `{{names}}` stand for in this request, always literal. */
export interface Row {
  /** From 1, without the header line of a CSV file. */
  readonly number: number
  readonly data: Record<string, unknown>
}

/** How a file of rows is written. */
export interface DataFormat {
  /** What separates the columns of a CSV file (default a comma). */
  readonly delimiter?: string
  /** A label that `TextDecoder` knows (default `utf-8`). */
  readonly encoding?: string
  /** What columns of a CSV file hold (default text). */
  readonly types?: ColumnTypes
}

/**
 * Reads the rows of a CSV, JSON or NDJSON file as they are needed. What is wrong with the encoding or the columns is
 * told before the first row.
 *
 * @throws EZ_DATA_INVALID, EZ_FILE_NOT_FOUND
 */
export async function* readRows(file: string, format: DataFormat = {}): AsyncGenerator<Row, void, undefined> {
  const extension = /\.([^.]+)$/.exec(file)?.[1]?.toLowerCase()
  let number = 0
  for await (const data of valuesOf(file, extension, format)) {
    number += 1
    if (typeof data !== 'object' || data === null || Array.isArray(data))
      throw invalid(file, `row ${number} is no map of names and values`)
    yield { number, data: data as Record<string, unknown> }
  }
}

async function* valuesOf(
  file: string,
  extension: string | undefined,
  { delimiter, encoding = 'utf-8', types = {} }: DataFormat,
): AsyncGenerator<unknown> {
  const absolute = resolve(file)
  if (!['csv', 'json', 'ndjson', 'jsonl'].includes(extension ?? ''))
    throw new EzError('EZ_USAGE', `--data ${file}: rows come from a .csv, .json or .ndjson file.`)
  if (Object.keys(types).length > 0 && extension !== 'csv')
    throw new EzError('EZ_USAGE', `--types: ${file} is no .csv file; the values of others have types.`)
  if (delimiter !== undefined && extension !== 'csv')
    throw new EzError('EZ_USAGE', `--delimiter ${delimiter}: ${file} is no .csv file.`)
  await readable(file, absolute)
  await checkEncoding(file, absolute, encoding)
  // Bytes that are UTF-8 need no decoding in between.
  const stream = encoding === 'utf-8' ? createReadStream(absolute) : decodedFile(file, absolute, encoding)
  if (extension === 'json') {
    const rows = parsed(file, (await text(stream)).replace(/^\uFEFF/, ''), 'the file')
    if (!Array.isArray(rows)) throw invalid(file, 'it must be a list of rows')
    yield* rows
    return
  }
  if (extension === 'csv') {
    const { parse } = await import('csv-parse')
    const columns = csvColumns(file, delimiter, types)
    const options = {
      columns,
      bom: true,
      skip_empty_lines: true,
      ...(delimiter !== undefined && { delimiter }),
    }
    try {
      const rows = stream.pipe(parse(options)) as AsyncIterable<Record<string, string>>
      if (Object.keys(types).length === 0) yield* rows
      else {
        let number = 0
        for await (const row of rows) {
          number += 1
          yield typedRow(file, number, row, types)
        }
      }
    } catch (cause) {
      if (EzError.isInstance(cause)) throw cause
      // The library quotes the value, which may be a secret.
      throw invalid(file, (cause as Error).message.replace(/, value is [\s\S]*$/, ''))
    }
    return
  }
  let line = 0
  for await (const row of createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY })) {
    line += 1
    const written = line === 1 ? row.replace(/^\uFEFF/, '') : row
    if (written.trim() !== '') yield parsed(file, written, `line ${line}`)
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

function parsed(file: string, written: string, what: string): unknown {
  try {
    return JSON.parse(written) as unknown
  } catch (cause) {
    throw invalid(file, `${what} is not JSON: ${(cause as Error).message}`)
  }
}

const invalid = (file: string, problem: string): EzError =>
  new EzError('EZ_DATA_INVALID', `${file}: ${problem}.`)
