import { type PrepareContext, prepare, type Secret, secret } from '@ez/core'
import { problemError } from '@ez/request-file'
import { locatedError, type Place } from '../files/locate.ts'
import type { LoadedRequest } from '../files/request-file.ts'
import { findings } from '../files/validate.ts'

const mayHoldTokens = (text: string): boolean => text.includes('{{') || text.includes('{%')

/**
 * Resolves every token in a value of a request, typed, as in a JSON body.
 *
 * @throws EZ_VARIABLE_MISSING and the like, at the token's place in the file
 */
export async function resolveValue(
  value: unknown,
  context: PrepareContext,
  request: LoadedRequest,
  place: Place,
): Promise<unknown> {
  if (value === undefined || !mayHoldTokens(JSON.stringify(value, bigintText) ?? '')) return value
  // The one resolver of values is core's: a JSON body resolves each text in it, and keeps types.
  const { allowedHosts: _, log: __, ...rest } = context
  const { time } = request.value
  try {
    const prepared = await prepare(
      { method: 'POST', url: 'https://ez.invalid/', body: { json: value }, ...(time && { time }) },
      rest,
    )
    return JSON.parse(new TextDecoder().decode(prepared.body as Uint8Array)) as unknown
  } catch (error) {
    throw locatedError(error, request, { from: 'body.json', place })
  }
}

/** Checks resolved options against a provider's schema. @throws EZ_OPTION_INVALID at their place in the file */
export async function checkProviderOptions(
  schema: object,
  value: unknown,
  use: string,
  { source, path }: Place,
): Promise<void> {
  const found = await findings(schema, value ?? {}, use, { quoteValues: false, root: '"with"' })
  if (found.length === 0) return
  const problems = found.map(({ path: inner, key, message }) =>
    source.problem([...path, ...inner], `${use}: ${message}`, key),
  )
  throw problemError(problems, 'EZ_OPTION_INVALID')
}

/** What stands between `{{` and `}}` in a value. */
export function tokensIn(value: unknown): string[] {
  if (typeof value === 'string')
    return [...value.matchAll(/\{\{([^{}]+)\}\}/g)].map((match) => (match[1] as string).trim())
  if (typeof value !== 'object' || value === null) return []
  return Object.values(value).flatMap(tokensIn)
}

const secretOption = /secret|token|password|passphrase|key|credential/i
// Sent in clear, and needed to compare what was signed: docs/decisions/identifiers-are-shown.md.
const openOption = /(?:id|ids|endpoint|url|uri)$|^consumerKey$/i

/** Every text in a value that could be a credential: what a request must not show although it came with options. */
export function secretsIn(value: unknown, name = ''): Secret[] {
  if (typeof value === 'string') {
    // Says where credentials are looked for, and is none.
    if (value === '' || (name === 'credentials' && value === 'default')) return []
    return secretOption.test(name) && !openOption.test(name) ? [secret(value)] : []
  }
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, item]) => secretsIn(item, Array.isArray(value) ? name : key))
}

/** For `JSON.stringify`: long whole numbers of a file are bigints, which JSON has not. */
export const bigintText = (_key: string, value: unknown): unknown =>
  typeof value === 'bigint' ? String(value) : value
