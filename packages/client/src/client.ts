import { EzError, type RequestTemplate } from '@ez/core'
import { joinedSignal } from './base/abort.ts'
import { systemTimers } from './base/timers.ts'
import { checkClientOptions, checkSendOptions, limitsOf } from './contract/check-options.ts'
import type { ClientResponse } from './contract/client-response.ts'
import type { ClientOptions, SendOptions } from './contract/options.ts'
import { ClockSkew } from './correction/clock-skew.ts'
import { Forgetting } from './correction/forget.ts'
import { Limiter } from './limits/limiter.ts'
import type { Page } from './pages/next-page.ts'
import { pagesOf } from './pages/paginate.ts'
import { checkPagination, type Pagination } from './pages/pagination.ts'
import { concreteOf, isRequest } from './request/concrete.ts'
import type { AnsweredResponse } from './response/answered-response.ts'
import { RetryBudget } from './retry/retry-budget.ts'
import { runSend } from './send/send.ts'
import { createSend, type PageValues, type Shared, startOf } from './send/send-context.ts'
import { Deadlines } from './transport/deadlines.ts'
import { defaultMaxBytes } from './transport/transport.ts'
import { Transports } from './transport/transports.ts'

// Clients may share a step, and with it a token.
const forgetting = new Forgetting()

/** Prepares requests and sends them; see {@link createClient}. */
export interface Client {
  /**
   * Prepares a template and sends it, every attempt anew; resolves for any HTTP status.
   *
   * A standard `Request` is sent as it stands, through the client's steps: nothing in it is a token.
   *
   * @throws the codes of `prepare`; EZ_NETWORK, EZ_TIMEOUT, EZ_RESPONSE_INCOMPLETE, EZ_RESPONSE_TOO_LARGE, EZ_ABORTED when there
   * is no whole answer; EZ_HTTP_STATUS with `throwOnError`; EZ_REDIRECTED; EZ_OPTION_INVALID
   */
  send(request: RequestTemplate | Request, overrides?: SendOptions): Promise<ClientResponse>
  /**
   * Reads a list page by page, each page prepared anew.
   *
   * @throws the codes of `send`; EZ_HTTP_STATUS for a page that is not a success; EZ_PAGE_INVALID, EZ_PAGES_ENDLESS,
   * EZ_HOST_NOT_ALLOWED
   */
  paginate(
    template: RequestTemplate,
    pagination: Pagination,
    overrides?: SendOptions,
  ): AsyncGenerator<Page, void, undefined>
}

/**
 * A client that prepares and sends: fresh signature at every attempt, clock and token put right, limits kept.
 *
 * @throws EZ_OPTION_INVALID
 *
 * @example
 * ```ts
 * import { createClient } from '@ez/client'
 *
 * const client = createClient({
 *   variables: { host: 'api.example.com' },
 *   retry: { limit: 4 },
 *   rateLimit: { concurrency: 5 },
 * })
 * const response = await client.send({ method: 'GET', url: 'https://{{host}}/orders' })
 * console.log(response.status, await response.json())
 * ```
 */
export function createClient(options: ClientOptions = {}): Client {
  checkClientOptions(options)
  const timers = options.timers ?? systemTimers
  const shared: Shared = {
    skew: new ClockSkew(),
    forgetting,
    limiters: limitsOf(options).map((limit) => new Limiter(limit, timers)),
    budget: new RetryBudget(),
    timers,
    random: options.random ?? Math.random,
    hooks: options.hooks ?? {},
    telemetry: options.telemetry,
    transports: new Transports(options),
    deadlines: new Deadlines(),
  }

  const sendPage = (
    template: RequestTemplate,
    own: SendOptions,
    page: PageValues,
  ): Promise<AnsweredResponse> => {
    const run = (): Promise<AnsweredResponse> => runSend(createSend(shared, options, own, template, page))
    // A telemetry passes on what it is given.
    return shared.telemetry ? (shared.telemetry.send(template.name, run) as Promise<AnsweredResponse>) : run()
  }

  return {
    async send(request, overrides = {}) {
      checkSendOptions(overrides)
      if (typeof request !== 'object' || request === null)
        throw new EzError('EZ_TEMPLATE_INVALID', 'send: the first parameter must be a template or a Request.')
      const startedAt = startOf(options, overrides)
      if (!isRequest(request)) return sendPage(request, overrides, { startedAt })
      const own = overrides.signal ?? options.signal
      const signal = joinedSignal(own ? [request.signal, own] : [request.signal])
      const concrete = await concreteOf(request, signal)
      const { method, url } = concrete
      return sendPage({ method, url }, { ...overrides, signal }, { startedAt, concrete })
    },
    async *paginate(template, pagination, overrides = {}) {
      checkSendOptions(overrides)
      checkPagination(pagination)
      const startedAt = startOf(options, overrides)
      // A page is read whole, so all of it counts before it is an answer; what it says of a failure is told there.
      const own = {
        ...overrides,
        throwOnError: false,
        bufferBytes: Number.POSITIVE_INFINITY,
        maxResponseBytes: overrides.maxResponseBytes ?? options.maxResponseBytes ?? defaultMaxBytes,
      }
      yield* pagesOf(template, pagination, (request) =>
        sendPage(request.template, own, { startedAt, outputs: request.outputs }),
      )
    },
  }
}
