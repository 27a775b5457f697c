import type { ClientResponse } from '@ez/client'
import { maskResponse, type PreparedRequest, type ResponseSnapshot } from '@ez/core'
import type { Outcome } from './outcome.ts'

/** Where a redirect leads: the last place of those that were gone to, or that of an answer which is one. */
export function redirectOf(
  { url, redirected }: Pick<ClientResponse, 'url' | 'redirected'>,
  response: ResponseSnapshot,
  prepared: PreparedRequest,
): Pick<Outcome, 'redirect'> {
  if (redirected) return { redirect: { to: masked(url, prepared), followed: true } }
  const location = response.headers.find(([name]) => name.toLowerCase() === 'location')?.[1]
  if (response.status < 300 || response.status >= 400 || location === undefined) return {}
  const to = URL.canParse(location, prepared.url) ? new URL(location, prepared.url).href : location
  return { redirect: { to: masked(to, prepared), followed: false } }
}

function masked(text: string, prepared: PreparedRequest): string {
  const snapshot = { status: 0, headers: [['location', text]] as const, body: new Uint8Array() }
  return maskResponse(snapshot, prepared).headers[0]?.[1] ?? ''
}
