import { Secret, secret } from '@ez/core'

// The last word of a name that holds a secret; `token_url`, `key_id` and `monkey` are none.
const secretName =
  /(?:^|[_.-])(?:secret|password|passwd|passphrase|pwd|token|key|credentials?)$|[a-z0-9](?:Secret|Password|Passphrase|Token|Key|Credentials?)$/
const shouted = /^[A-Z0-9_.-]+$/

/** Whether the name of a variable says that it holds a secret. */
export const isSecretName = (name: string): boolean =>
  secretName.test(shouted.test(name) ? name.toLowerCase() : name)

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
