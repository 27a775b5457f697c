import { EzError } from '@ez/core'
import { stringify } from 'csv-stringify/sync'

/** Turns records into the bytes of a file, batch by batch. */
export interface RecordEncoder {
  /** @throws EZ_RECORD_INVALID for a record that the format cannot hold */
  encode(records: readonly unknown[]): string
  /** What stands after the last record. */
  end(): string
}

/** The encoder of a format; `place` is told in errors. */
export function createRecordEncoder(
  format: 'json' | 'ndjson' | 'csv',
  place: string,
  columns?: readonly string[],
): RecordEncoder {
  if (format === 'csv') return csvEncoder(place, columns)
  if (format === 'ndjson')
    return {
      encode: (records) => records.map((record) => `${jsonOf(record, place)}\n`).join(''),
      end: () => '',
    }
  let count = 0
  return {
    encode: (records) =>
      records.map((record) => `${count++ === 0 ? '[\n' : ',\n'}${jsonOf(record, place)}`).join(''),
    end: () => (count === 0 ? '[]\n' : '\n]\n'),
  }
}

function jsonOf(record: unknown, place: string): string {
  try {
    return JSON.stringify(record) ?? 'null'
  } catch (cause) {
    throw new EzError('EZ_RECORD_INVALID', `${place}: a record is nested too deeply to be written.`, {
      cause,
    })
  }
}

function csvEncoder(place: string, given?: readonly string[]): RecordEncoder {
  let columns = given
  let headWritten = false
  let count = 0
  return {
    encode(records) {
      const rows = records.map((record) => {
        count += 1
        if (typeof record !== 'object' || record === null || Array.isArray(record))
          throw new EzError(
            'EZ_RECORD_INVALID',
            `${place}: record ${count} is no object, so it has no columns.`,
          )
        columns ??= Object.keys(record)
        const unknown = given ? undefined : Object.keys(record).find((key) => !columns?.includes(key))
        if (unknown !== undefined)
          throw new EzError(
            'EZ_RECORD_INVALID',
            `${place}: record ${count} has the key ${JSON.stringify(unknown)}, which the first record lacks. Name the columns.`,
          )
        return columns.map((column) => cellOf((record as Record<string, unknown>)[column]))
      })
      const head = headWritten || !columns ? [] : [[...columns]]
      headWritten ||= columns !== undefined
      return stringify([...head, ...rows])
    },
    end: () => (headWritten || !columns ? '' : stringify([[...columns]])),
  }
}

const cellOf = (value: unknown): string =>
  value === undefined || value === null ? '' : typeof value === 'string' ? value : JSON.stringify(value)
