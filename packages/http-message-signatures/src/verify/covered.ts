import type { Covers } from '@ez/core/received'
import type { ClaimedComponent } from './claim.ts'

/** What the signature answers for. */
export function coversOf(components: readonly ClaimedComponent[], hasDigest: boolean): Covers {
  const has = (...names: readonly string[]): boolean => components.some(({ name }) => names.includes(name))
  const parameters = components.flatMap(({ name, parameters: own }) => {
    const value = name === '@query-param' ? own.get('name') : undefined
    return value?.type === 'string' ? [decodeURIComponent(value.value)] : []
  })
  // A member of a dictionary is not the whole header.
  const fields = components.filter(({ name, parameters: own }) => !name.startsWith('@') && !own.has('key'))
  return {
    method: has('@method'),
    host: has('@authority', '@target-uri', 'host'),
    path: has('@path', '@target-uri', '@request-target'),
    query: has('@query', '@target-uri', '@request-target') ? 'all' : parameters,
    headers: [...new Set(fields.map(({ name }) => name))],
    body: hasDigest ? 'all' : 'none',
  }
}
