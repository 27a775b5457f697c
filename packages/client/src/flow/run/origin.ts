import { EzError, type PrepareContext, prepare, type RequestTemplate } from '@ez/core'
import type { Flow } from '../flow.ts'

/** Scheme, host and port as far as they are written, without runtime values: `https://{{host}}`, `{{base_url}}`. */
function authorityOf(url: string): string | undefined {
  const written = /^(?:[A-Za-z][\w+.-]*:\/\/[^/?#]+|\{\{[^}]*\}\}[^/?#]*)/.exec(url)?.[0]
  return written === undefined || written.includes('{%') ? undefined : written
}

/** Whether an answer, through a runtime value, may choose the host of a URL. */
export function isHostFromAnswer(url: string): boolean {
  return authorityOf(url) === undefined
}

/** The origins that a flow's own text names. */
export async function originsOf(flow: Flow, context: PrepareContext): Promise<Set<string>> {
  const origins = new Set<string>()
  for (const { url } of flow.steps) {
    const authority = typeof url === 'string' ? authorityOf(url) : undefined
    if (authority === undefined) continue
    try {
      const { url: known } = await prepare({ method: 'GET', url: `${authority}/` }, quiet(context))
      origins.add(new URL(known).origin)
    } catch {
      // Whatever is wrong with it is told when the step is prepared.
    }
  }
  return origins
}

const quiet = (context: PrepareContext): PrepareContext => ({ ...context, log: () => undefined })

/**
 * Refuses a host that an answer chose for a request that carries anything of ours: a pre-request step, a secret.
 *
 * @throws EZ_HOST_NOT_ALLOWED, before anything is sent
 */
export async function checkHost(
  template: RequestTemplate,
  place: string,
  context: PrepareContext,
  trusted: { readonly origins: ReadonlySet<string>; readonly isSecure: boolean },
  hasSteps: boolean,
): Promise<void> {
  // With a list of allowed hosts, core bounds every URL by it, and what is on it is allowed by the user.
  if (!isHostFromAnswer(template.url)) return
  const { url } = await prepare({ method: 'GET', url: template.url }, quiet(context))
  const { origin, protocol } = new URL(url)
  if (protocol === 'http:' && trusted.isSecure)
    throw refused(place, `an answer leads from https to ${origin}, where everybody can read along`)
  if (trusted.origins.has(origin) || context.allowedHosts) return
  if (hasSteps || (template.preRequest ?? []).length > 0)
    throw refused(
      place,
      `an answer leads to ${origin}, and the pre-request steps would sign for it. Set preRequest: [] for a bare request, or list the host in allowedHosts`,
    )
  if (await holdsSecret(template, context))
    throw refused(
      place,
      `an answer leads to ${origin}, and the request holds a secret. Leave it out, or list the host in allowedHosts`,
    )
}

// The URL's own runtime value is what the answer gave; it may be a secret, and goes where it says.
async function holdsSecret(template: RequestTemplate, context: PrepareContext): Promise<boolean> {
  const rest = template.url.replace(/^\{%[^}]*%\}/, '')
  const prepared = await prepare(
    { ...template, url: `https://bare.invalid/${rest.replace(/^\//, '')}`, preRequest: [] },
    quiet(Object.fromEntries(Object.entries(context).filter(([key]) => key !== 'allowedHosts'))),
  )
  const masked = prepared.toJSON() as {
    readonly url: string
    readonly headers: unknown
    readonly body: unknown
  }
  return (
    masked.url !== prepared.url ||
    JSON.stringify(masked.headers) !== JSON.stringify(prepared.headers) ||
    JSON.stringify(masked.body).includes('***')
  )
}

function refused(place: string, problem: string): EzError {
  return new EzError('EZ_HOST_NOT_ALLOWED', `${place}: ${problem}.`, { details: { step: place } })
}
