import { EzError, nearest } from '@ez/core'

/** What a column of a CSV file holds. */
export type ColumnType = 'string' | 'number' | 'boolean' | 'json'

/** The types of columns, by name. */
export type ColumnTypes = Readonly<Record<string, ColumnType>>

export const columnTypes: readonly ColumnType[] = ['string', 'number', 'boolean', 'json']

/** Makes sure that the columns with a type are there. @throws EZ_DATA_INVALID */
export function checkTypedColumns(file: string, columns: readonly string[], types: ColumnTypes): void {
  for (const name of Object.keys(types)) {
    if (columns.includes(name)) continue
    const close = nearest(name, columns)
    throw new EzError(
      'EZ_DATA_INVALID',
      `${file}: --types names the column ${JSON.stringify(name)}, which is not there. ${close === undefined ? `There are: ${columns.join(', ')}.` : `Did you mean ${JSON.stringify(close)}?`} Nothing was sent.`,
    )
  }
}

/**
 * A row with the values of typed columns; an empty cell of a type that is no text is `null`.
 *
 * @throws EZ_DATA_INVALID with the row and the column
 */
export function typedRow(
  file: string,
  number: number,
  row: Readonly<Record<string, string>>,
  types: ColumnTypes,
): Record<string, unknown> {
  const typed: Record<string, unknown> = { ...row }
  for (const [name, type] of Object.entries(types)) {
    const text = row[name] ?? ''
    if (type === 'string') continue
    const value = text.trim() === '' ? null : readers[type](text.trim())
    // The value is not quoted: it may be a secret.
    if (value === undefined)
      throw new EzError(
        'EZ_DATA_INVALID',
        `${file}: row ${number}, column ${JSON.stringify(name)}: ${problems[type]}. Correct the cell, or leave the type out to send it as text.`,
      )
    typed[name] = value
  }
  return typed
}

const problems: Readonly<Record<Exclude<ColumnType, 'string'>, string>> = {
  number: 'this is no number, or one with more digits than a number holds',
  boolean: 'this is neither true nor false',
  json: 'this is not JSON',
}

const readers: Readonly<Record<Exclude<ColumnType, 'string'>, (text: string) => unknown>> = {
  number: (text) => {
    // JSON's own numbers, with leading zeros and a plus as spreadsheets write them.
    if (!/^[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(text)) return undefined
    const value = Number(text)
    return Number.isFinite(value) && keepsDigits(text, value) ? value : undefined
  },
  boolean: (text) => ({ true: true, false: false })[text.toLowerCase()],
  json: (text) => {
    try {
      return JSON.parse(text) as unknown
    } catch {
      return undefined
    }
  },
}

// More than fifteen significant digits may be more than a double holds; then they must come back.
function keepsDigits(text: string, value: number): boolean {
  const digits = significant(text)
  return digits.length <= 15 || digits === significant(value.toPrecision(Math.min(100, digits.length)))
}

const significant = (text: string): string =>
  text
    .replace(/[eE].*$/, '')
    .replace(/[^\d]/g, '')
    .replace(/^0+/, '')
    .replace(/0+$/, '')
