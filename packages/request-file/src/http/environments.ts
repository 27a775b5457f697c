import { EzError } from '@ez/core'
import { asText, TokenTranslator } from '../imported/tokens.ts'

/** Variables by the names of their environments; those of all of them under an empty name. */
export type HttpEnvironments = Readonly<Record<string, Readonly<Record<string, string>>>>

/**
 * Reads the environments beside `.http` files: `http-client.env.json`, `http-client.private.env.json`, and what httpyac
 * adds to them (`$shared`).
 *
 * Settings of JetBrains, such as `SSLConfiguration` and `Security`, are no variables, and are left out.
 *
 * @throws EZ_IMPORT_INVALID when a text is no JSON of this form
 * @see https://www.jetbrains.com/help/idea/exploring-http-syntax.html#environment-variables
 * @example
 * readHttpEnvironments(['{ "dev": { "host": "https://dev.example.com" } }']) // { dev: { host: 'https://dev.example.com' } }
 */
export function readHttpEnvironments(texts: readonly string[]): HttpEnvironments {
  const found = new Map<string, Record<string, string>>()
  const translator = new TokenTranslator()
  for (const text of texts)
    for (const [environment, values] of Object.entries(mapOf(text))) {
      const name = environment === '$shared' ? '' : environment
      const known = found.get(name) ?? {}
      found.set(name, known)
      if (typeof values !== 'object' || values === null) continue
      for (const [key, value] of Object.entries(values))
        if (typeof value !== 'object') known[translator.name(key)] = translator.text(asText(value))
    }
  return Object.fromEntries(found)
}

function mapOf(text: string): object {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw new EzError('EZ_IMPORT_INVALID', `The environments are not JSON: ${(cause as Error).message}`)
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new EzError('EZ_IMPORT_INVALID', 'The environments are no map of names to variables.')
  return value
}
