import { basename } from 'node:path'
import { EzError } from '@ez/core'
import type { SourceFile } from '@ez/request-file'

/** Refuses a file of another tool by its name, and says what to do. @throws EZ_FILE_INVALID */
export function refuseForeignName(file: string): void {
  const kind = /\.(?:http|rest)$/i.test(file)
    ? 'a .http file'
    : /\.bru$/i.test(file)
      ? 'a file of Bruno'
      : undefined
  if (kind !== undefined) throw foreign(file, kind)
}

/** Refuses a file of another tool by what it holds, and says what to do. @throws EZ_FILE_INVALID */
export function refuseForeign({ name, value }: SourceFile): void {
  if (typeof value !== 'object' || value === null) return
  const { info, item, opencollection, http, values } = value as Readonly<Record<string, unknown>>
  if (info !== undefined && Array.isArray(item)) throw foreign(name, 'a Postman collection')
  if (Array.isArray(values) && '_postman_variable_scope' in value)
    throw foreign(name, 'an environment of Postman')
  if (opencollection !== undefined || (info !== undefined && http !== undefined))
    throw foreign(name, 'a file of OpenCollection')
}

function foreign(file: string, kind: string): EzError {
  const out = basename(file).replace(/(?:\.postman_collection)?\.[^.]+$/i, '.yaml')
  return new EzError(
    'EZ_FILE_INVALID',
    `${file}: this is ${kind}, and no request file. Write one from it: ez import ${file} --out ${out === basename(file) ? `ez-${out}` : out}`,
  )
}
