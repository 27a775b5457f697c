import { attemptsOf, type Client } from '@ez/client'
import { EzError, maskResponse, type RequestTemplate } from '@ez/core'
import type { RowSender } from '../contract/sender.ts'
import { judgeSend } from './send-outcome.ts'

/** What {@link sendWith} takes. */
export interface SendWithOptions {
  /** Whether a request may be sent again although it may have arrived; the job's. */
  readonly repeatable: boolean
  /** What is kept of an answer's body, in bytes (default 0). */
  readonly keepBytes?: number
}

/**
 * Sends each row as a request of one template: the row's data fill its `{{names}}`.
 *
 * The client prepares and signs when the row is sent. Give it `retry: { limit: 0 }`: the queue sends again, after its
 * limiter, and lets all workers of an account wait together.
 *
 * @example
 * ```ts
 * import { createClient } from '@ez/client'
 * import { sendWith } from '@ez/queue'
 *
 * const client = createClient({ variables: { host: 'api.example.com' }, retry: { limit: 0 } })
 * const send = sendWith(client, { method: 'PUT', url: 'https://{{host}}/prices/{{sku}}' }, { repeatable: true })
 * ```
 */
export function sendWith(client: Client, template: RequestTemplate, options: SendWithOptions): RowSender {
  const { repeatable, keepBytes = 0 } = options
  return async ({ data, startedAt, uuid, signal }) => {
    try {
      const response = await client.send(template, { data, startedAt, uuid: () => uuid, signal })
      const { status } = response
      const headers = [...response.headers]
      const last = attemptsOf(response).at(-1)
      const diagnosis = last?.diagnosis
      const body = await response.bytes()
      const prepared = last?.prepared
      const kept = body.subarray(0, keepBytes)
      const text =
        keepBytes > 0 && prepared
          ? new TextDecoder().decode(maskResponse({ status, headers, body: kept }, prepared).body)
          : undefined
      return {
        ...judgeSend({ response: { status, headers, ...(diagnosis && { diagnosis }) } }, repeatable),
        result: { status, ...(text !== undefined && { body: text }) },
      }
    } catch (error) {
      const problems = [error instanceof Error ? error.message : String(error)]
      const code = EzError.isInstance(error) ? { code: error.code } : {}
      return {
        ...judgeSend({ error }, repeatable),
        result: { problems, ...code },
      }
    }
  }
}
