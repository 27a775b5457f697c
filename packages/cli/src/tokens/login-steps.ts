import { dirname } from 'node:path'
import { EzError, type PrepareContext, type ProviderHost, prepare } from '@ez/core'
import type { LoginProvider } from '@ez/oauth2'
import { atPlace } from '../files/locate.ts'
import { type LoadedRequest, layerOf } from '../files/request-file.ts'
import { oneAttempt } from '../instant.ts'
import { loadProvider } from '../providers/load.ts'
import { checkProviderOptions, resolveValue } from '../providers/options.ts'
import type { Session } from '../session.ts'

/** A pre-request step of a file whose first token comes from a person. */
export interface LoginStep {
  /** As `use` names it. */
  readonly use: string
  readonly provider: LoginProvider<unknown>
  readonly options: unknown
  readonly host: ProviderHost
  /** With their ports, where the requests with this step go. */
  readonly hosts: readonly string[]
}

/**
 * The login steps of the requests of a file, each once.
 *
 * @throws EZ_USAGE when there are none, and what making a step throws
 */
export async function loginSteps(session: Session, argument: string, use?: string): Promise<LoginStep[]> {
  const steps = new Map<string, LoginStep>()
  for (const request of await session.load(argument)) {
    const context = { ...oneAttempt(), ...(await session.context(request)) }
    for (const step of await stepsOf(session, request, context)) {
      if (use !== undefined && step.use !== use) continue
      const key = step.provider.loginKey(step.options, step.host)
      const hosts = new Set([...(steps.get(key)?.hosts ?? []), ...(await hostOf(request, context))])
      steps.set(key, { ...step, hosts: [...hosts] })
    }
  }
  if (steps.size > 0) return [...steps.values()]
  throw new EzError(
    'EZ_USAGE',
    `${argument}: it has no pre-request step ${use === undefined ? 'that a person logs in for' : `${use} that a person logs in for`}. Those are @ez/oauth2/authorization-code and @ez/oauth2/device-code.`,
  )
}

async function stepsOf(
  session: Session,
  request: LoadedRequest,
  context: PrepareContext,
): Promise<Omit<LoginStep, 'hosts'>[]> {
  const { source, path } = layerOf(request, 'preRequest')
  const file = request.source.absolute
  const found: Omit<LoginStep, 'hosts'>[] = []
  for (const [index, value] of (request.value.preRequest ?? []).entries()) {
    const { use } = value
    if (use === undefined) continue
    const place = { source, path: [...path, 'preRequest', index] }
    const provider = await atPlace(place, () => loadProvider(use, dirname(file), session.grants))
    if (!isLoginProvider(provider)) continue
    const inner = { source, path: [...place.path, 'with'] }
    const options = (await resolveValue(value.with, context, request, inner)) ?? {}
    await checkProviderOptions(provider.options, options, use, source.has(inner.path) ? inner : place)
    found.push({ use, provider, options, host: session.tokens.host(file, source.absolute) })
  }
  return found
}

const isLoginProvider = (provider: object): provider is LoginProvider<unknown> =>
  typeof (provider as { login?: unknown }).login === 'function'

// Of an address that only an answer knows there is no host yet: no token goes there.
async function hostOf(request: LoadedRequest, context: PrepareContext): Promise<string[]> {
  const origin = /^(?:[a-z][a-z0-9+.-]*:\/\/)?(?:\{\{[^}]*\}\}|[^/?#{])*/i.exec(request.value.url)?.[0] ?? ''
  if (origin === '' || request.value.url.startsWith('{%')) return []
  const { allowedHosts: _, ...rest } = context
  const { url } = await prepare({ method: 'GET', url: origin }, rest)
  return [new URL(url).host]
}
