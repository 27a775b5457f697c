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
      const byName = isSecretName(name)
      const points = typeof item === 'string' && item.includes('{{')
      return [name, marked(item, listed, inner, listed.has(inner) || hidden || (byName && !points))]
    }),
  )
}
