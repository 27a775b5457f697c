import { EzError, reveal, Secret } from '@ez/core'

/**
 * The text of a credential, marked secret or not; callers in JavaScript may give anything.
 *
 * @throws EZ_CREDENTIAL_MISSING when it is missing, empty or no text
 */
export function secretText(value: string | Secret | undefined, name: string): string {
  const text = typeof value === 'string' || Secret.isInstance(value) ? reveal(value) : ''
  if (text) return text
  throw new EzError('EZ_CREDENTIAL_MISSING', `aws-sigv4: credentials.${name} is missing or empty. Set it.`)
}
