import { EzError, type PrepareContext, type PreparedRequest, type ResponseSnapshot } from '@ez/core'
import type { LoadedRequest } from '../files/request-file.ts'
import { exitCodeOf } from '../output/exit.ts'
import type { Session } from '../session.ts'
import { unmet } from './expect.ts'
import type { Outcome } from './outcome.ts'
import { type SendOptions, sendPrepared } from './send.ts'

/** What is told of a request that was answered. */
export interface Answer {
  readonly prepared: PreparedRequest
  readonly response: ResponseSnapshot
}

/** Prepares and sends one request; every failure becomes an outcome. */
export async function execute(
  session: Session,
  request: LoadedRequest,
  options: SendOptions,
  overrides: PrepareContext = {},
  answered: (answer: Answer) => Promise<void> | void = () => {},
): Promise<Outcome> {
  const started = performance.now()
  const { name } = request.value
  const common = { label: request.label, ...(name !== undefined && { name }) }
  let sent: { method?: string; url?: string } = {}
  try {
    const prepared = await session.prepare(request, {
      fetch: options.fetch,
      signal: options.signal,
      ...overrides,
    })
    sent = shown(prepared)
    const answer = await sendPrepared(prepared, options)
    const response = await snapshot(answer)
    const milliseconds = performance.now() - started
    const problems = unmet(request.value.expect, response, milliseconds)
    await answered({ prepared, response })
    return {
      ...common,
      ...sent,
      verdict: problems.length === 0 ? 'ok' : 'refused',
      status: response.status,
      milliseconds,
      bytes: response.body.length,
      problems,
    }
  } catch (error) {
    const milliseconds = performance.now() - started
    const message = error instanceof Error ? error.message : String(error)
    const code = EzError.isInstance(error) ? error.code : 'EZ_INTERNAL'
    const wrong = exitCodeOf(error) === 2
    return {
      ...common,
      ...sent,
      verdict: 'failed',
      milliseconds,
      problems: [message],
      code,
      ...(wrong && { wrongInput: true }),
    }
  }
}

function shown(prepared: PreparedRequest): { method: string; url: string } {
  const { url } = prepared.toJSON() as { url: string }
  return { method: prepared.method, url }
}

async function snapshot(response: Response): Promise<ResponseSnapshot> {
  return {
    status: response.status,
    headers: [...response.headers],
    body: new Uint8Array(await response.arrayBuffer()),
  }
}
