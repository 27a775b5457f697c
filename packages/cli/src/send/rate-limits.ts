import type { LimitSubject, RateLimit } from '@ez/client'
import { EzError, reveal, Secret } from '@ez/core'
import { type LoadedRequest, layerOf } from '../files/request-file.ts'
import { bigintText, resolveValue } from '../providers/options.ts'
import type { Session } from '../session.ts'

/**
 * The limits that files give their requests, for one client: requests with the same limit and key keep it together.
 *
 * @throws EZ_OPTION_INVALID for a key with a runtime value; EZ_VARIABLE_MISSING and the like for its variables
 */
export async function rateLimitsOf(
  session: Session,
  requests: readonly LoadedRequest[],
): Promise<RateLimit[]> {
  const groups = new Map<string, LoadedRequest[]>()
  for (const request of requests) {
    const { perSecond, concurrency } = request.value.rateLimit ?? {}
    if (perSecond === undefined && concurrency === undefined) continue
    const text = JSON.stringify(request.value.rateLimit, bigintText)
    groups.set(text, [...(groups.get(text) ?? []), request])
  }
  return Promise.all([...groups.values()].map((group) => limitOf(session, group)))
}

async function limitOf(session: Session, group: readonly LoadedRequest[]): Promise<RateLimit> {
  const [request] = group as [LoadedRequest, ...LoadedRequest[]]
  const { key, perSecond, concurrency } = request.value.rateLimit ?? {}
  const names = new Set(group.map(({ value }) => value.name))
  const account = key === undefined ? () => '' : await accountOf(session, request, key)
  return {
    key: (subject) => (names.has(subject.name) ? account(subject) : undefined),
    ...(perSecond !== undefined && { perSecond }),
    ...(concurrency !== undefined && { concurrency }),
  }
}

const token = /\{\{\s*([\w-]+)((?:\.[\w-]+|\[\d+\])*)[^{}]*\}\}/g

// Variables may hold tokens themselves, and are resolved once; what a row or a record gives is literal.
async function accountOf(
  session: Session,
  request: LoadedRequest,
  key: string,
): Promise<(subject: LimitSubject) => string> {
  if (key.includes('{%'))
    throw new EzError(
      'EZ_OPTION_INVALID',
      `${request.label}: rateLimit.key may hold {{names}}, and no runtime value: it is read before scripts run.`,
    )
  const context = await session.context(request)
  const { variables = {} } = context
  const { source, path } = layerOf(request, 'rateLimit')
  const place = { source, path: [...path, 'rateLimit', 'key'] }
  const known = new Map<string, unknown>()
  for (const [, name = ''] of key.matchAll(token))
    if (Object.hasOwn(variables, name))
      known.set(name, await resolveValue(`{{${name}}}`, context, request, place))
  return (subject) =>
    key.replace(token, (_token, name: string, rest: string) => {
      const given = subject.variables[name]
      return textAt(known.has(name) && given === variables[name] ? known.get(name) : given, rest)
    })
}

function textAt(value: unknown, path: string): string {
  let found = value
  for (const [, name, index] of path.matchAll(/\.([\w-]+)|\[(\d+)\]/g)) {
    const part = name ?? (index as string)
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, part)) return ''
    found = (found as Record<string, unknown>)[part]
  }
  if (Secret.isInstance(found)) return reveal(found)
  return found === undefined || found === null ? '' : String(found)
}
