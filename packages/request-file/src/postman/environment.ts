import { EzError } from '@ez/core'
import { asText, TokenTranslator } from '../imported/tokens.ts'

/** Variables of Postman: of an environment, or its globals. */
export interface PostmanEnvironment {
  /** Empty for globals. */
  readonly name: string
  /** Values by name. */
  readonly variables: Readonly<Record<string, string>>
}

/**
 * Reads an environment or the globals that were exported from Postman; entries that are switched off are left out.
 *
 * @throws EZ_IMPORT_INVALID when the text is no such export
 * @example
 * readPostmanEnvironment('{ "name": "Dev", "values": [{ "key": "host", "value": "dev.example.com" }] }').name // 'Dev'
 */
export function readPostmanEnvironment(text: string): PostmanEnvironment {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw new EzError('EZ_IMPORT_INVALID', `The environment is not JSON: ${(cause as Error).message}`)
  }
  const { name, values, _postman_variable_scope: scope } = (value ?? {}) as Readonly<Record<string, unknown>>
  if (!Array.isArray(values))
    throw new EzError('EZ_IMPORT_INVALID', 'This is no environment of Postman: it holds no "values".')
  const translator = new TokenTranslator()
  const variables = (values as readonly Readonly<Record<string, unknown>>[]).flatMap((entry) => {
    if (typeof entry !== 'object' || entry === null || entry.enabled === false) return []
    const key = translator.name(asText(entry.key))
    return key === '' ? [] : [[key, translator.text(entry.value)] as const]
  })
  return { name: scope === 'globals' ? '' : asText(name), variables: Object.fromEntries(variables) }
}
