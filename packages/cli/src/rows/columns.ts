import { EzError } from '@ez/core'
import { type ColumnTypes, checkTypedColumns } from './column-types.ts'

const separators: Readonly<Record<string, string>> = { ';': ';', '\t': 'tab', '|': '|' }

/** Checks the header line of a CSV file, for `csv-parse`. @throws EZ_DATA_INVALID */
export function csvColumns(
  file: string,
  delimiter: string | undefined,
  types: ColumnTypes,
): (header: string[]) => string[] {
  return (header) => {
    const [only = ''] = header
    const separator = Object.keys(separators).find((one) => only.includes(one))
    if (header.length === 1 && delimiter === undefined && separator !== undefined)
      throw new EzError(
        'EZ_DATA_INVALID',
        `${file}: the header line is one column, ${JSON.stringify(only)}. If its names are separated by ${separators[separator]}, say so: --delimiter '${separators[separator]}'. Nothing was sent.`,
      )
    const twice = header.find((name, index) => name !== '' && header.indexOf(name) !== index)
    if (twice !== undefined)
      throw new EzError(
        'EZ_DATA_INVALID',
        `${file}: there are two columns ${JSON.stringify(twice)}. Rename one of them. Nothing was sent.`,
      )
    checkTypedColumns(file, header, types)
    return header
  }
}
