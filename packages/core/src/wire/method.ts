import { EzError } from '../base/error.ts'

const commonMethods: ReadonlySet<string> = new Set([
  'GET',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'HEAD',
  'OPTIONS',
])
const methodPattern = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/

/** The method in upper case. @throws EZ_METHOD_INVALID for one that `fetch` does not send */
export function wireMethod(method: string): string {
  if (commonMethods.has(method)) return method
  const upper = method.toUpperCase()
  if (!methodPattern.test(method) || upper === 'CONNECT' || upper === 'TRACE' || upper === 'TRACK')
    throw new EzError(
      'EZ_METHOD_INVALID',
      `method: ${JSON.stringify(method)} is not a method that fetch sends.`,
    )
  return upper
}
