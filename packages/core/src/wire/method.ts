import { EzError } from '../base/error.ts'
import { tokenPattern } from './headers.ts'

const commonMethods: ReadonlySet<string> = new Set([
  'GET',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'HEAD',
  'OPTIONS',
])

/** The method in upper case. @throws EZ_METHOD_INVALID for one that `fetch` does not send */
export function wireMethod(method: string): string {
  if (commonMethods.has(method)) return method
  const upper = method.toUpperCase()
  if (!tokenPattern.test(method) || upper === 'CONNECT' || upper === 'TRACE' || upper === 'TRACK')
    throw new EzError(
      'EZ_METHOD_INVALID',
      `method: ${JSON.stringify(method)} is not a method that fetch sends.`,
    )
  return upper
}
