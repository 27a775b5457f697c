import type { PreparedRequest } from '@ez/core'
import { type Attributes, metrics, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
import { originIn } from '../base/error.ts'
import type { Attempt } from '../contract/attempt.ts'
import type { Telemetry } from '../contract/options.ts'

const name = '@ez/client'

/**
 * Spans and metrics through the OpenTelemetry API; whoever registers an SDK gets them, else nothing happens.
 *
 * A span for each send, a client span for each attempt, `http.client.request.duration` in seconds, and
 * `ez.client.retries`. URLs are masked as in the trace.
 *
 * Source: OpenTelemetry, "Semantic conventions for HTTP".
 *
 * @example
 * ```ts
 * import { createClient } from '@ez/client'
 * import { openTelemetry } from '@ez/client/telemetry'
 *
 * const client = createClient({ telemetry: openTelemetry() })
 * await client.send({ name: 'orders', method: 'GET', url: 'https://api.example.com/orders' })
 * ```
 */
export function openTelemetry(): Telemetry {
  const tracer = trace.getTracer(name)
  const meter = metrics.getMeter(name)
  const duration = meter.createHistogram('http.client.request.duration', {
    unit: 's',
    description: 'Duration of HTTP client requests.',
  })
  const retries = meter.createCounter('ez.client.retries', {
    unit: '{attempt}',
    description: 'Attempts after the first one of a send.',
  })

  return {
    send: (template, run) =>
      tracer.startActiveSpan(`send ${template ?? ''}`.trimEnd(), async (span) => {
        try {
          const response = await run()
          span.setAttribute('http.response.status_code', response.status)
          return response
        } catch (error) {
          span.setStatus({ code: SpanStatusCode.ERROR })
          span.setAttribute('error.type', codeOf(error))
          throw error
        } finally {
          span.end()
        }
      }),

    attempt: (prepared, number, run) => {
      const shown = shownUrl(prepared)
      const attributes = attributesOf(prepared, shown)
      if (number > 1) retries.add(1, attributes)
      const started = performance.now()
      return tracer.startActiveSpan(
        prepared.method,
        {
          kind: SpanKind.CLIENT,
          attributes: {
            ...attributes,
            'url.full': shown,
            ...(number > 1 ? { 'http.request.resend_count': number - 1 } : {}),
          },
        },
        async (span) => {
          let result: Attributes = {}
          try {
            const attempt = await run()
            result = resultOf(attempt)
            return attempt
          } catch (error) {
            result = { 'error.type': codeOf(error) }
            throw error
          } finally {
            span.setAttributes(result)
            if (result['error.type'] !== undefined) span.setStatus({ code: SpanStatusCode.ERROR })
            span.end()
            duration.record((performance.now() - started) / 1000, { ...attributes, ...result })
          }
        },
      )
    },
  }
}

function attributesOf({ method, url }: PreparedRequest, shown: string): Attributes {
  const { port, protocol } = new URL(url)
  return {
    'http.request.method': method,
    'server.address': originIn(shown).replace(/^[a-z]+:\/\/|:\d+$/g, ''),
    'server.port': port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port),
  }
}

function resultOf({ status, error }: Attempt): Attributes {
  return {
    ...(status === undefined ? {} : { 'http.response.status_code': status }),
    ...(error
      ? { 'error.type': error.code }
      : status && status >= 400
        ? { 'error.type': String(status) }
        : {}),
  }
}

function shownUrl(prepared: PreparedRequest): string {
  const { url } = prepared.toJSON() as { url?: unknown }
  return typeof url === 'string' ? url : ''
}

function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code
  return typeof code === 'string' ? code : '_OTHER'
}
