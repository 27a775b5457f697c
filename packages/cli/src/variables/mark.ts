import { Secret, secret } from '@ez/core'
import { isSecretName } from '@ez/request-file'

/**
 * Values with texts marked as secret: those that `listed` names (`name`, or `name.of.a.key`), and those whose name
 * says so. A text that only points to another variable is no secret itself.
 */
export function markSecrets(
  values: Record<string, unknown>,
  listed: ReadonlySet<string>,
): Record<string, unknown> {
  return marked(values, listed, '', false) as Record<string, unknown>
}

function marked(value: unknown, listed: ReadonlySet<string>, path: string, hidden: boolean): unknown {
  if (typeof value === 'string') return hidden && value !== '' ? secret(value) : value
  if (typeof value !== 'object' || value === null || Secret.isInstance(value)) return value
  if (Array.isArray(value)) return value.map((item) => marked(item, listed, path, hidden))
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => {
      const inner = path === '' ? name : `${path}.${name}`
      return [name, marked(item, listed, inner, hidden || isHidden(name, item, inner, listed))]
    }),
  )
}

/** Numbers that are secret by the same rules, as texts: as values they stay numbers, and have to be masked apart. */
export function secretNumbers(
  value: unknown,
  listed: ReadonlySet<string>,
  path = '',
  hidden = false,
): Secret[] {
  if (typeof value === 'number' || typeof value === 'bigint') return hidden ? [secret(String(value))] : []
  if (typeof value !== 'object' || value === null || Secret.isInstance(value)) return []
  if (Array.isArray(value)) return value.flatMap((item) => secretNumbers(item, listed, path, hidden))
  return Object.entries(value).flatMap(([name, item]) => {
    const inner = path === '' ? name : `${path}.${name}`
    return secretNumbers(item, listed, inner, hidden || isHidden(name, item, inner, listed))
  })
}

function isHidden(name: string, value: unknown, path: string, listed: ReadonlySet<string>): boolean {
  const points = typeof value === 'string' && value.includes('{{')
  return listed.has(path) || (isSecretName(name) && !points)
}
