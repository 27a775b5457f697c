import { createHttpHeaders, type HttpClient, type PipelineRequest } from '@azure/core-rest-pipeline'
import type { StoragePipelineOptions } from '@azure/storage-blob'
import type { Pairs } from '@ez/core'
import { credentials } from './azurite.ts'

/** What a client of Microsoft's would have sent: it sends nothing, and answers every request with 201. */
export interface Sent {
  readonly method: string
  readonly url: string
  readonly headers: Pairs
  readonly body: Uint8Array | null
}

/** An HTTP client that keeps the last request, for the options of any Azure SDK. */
export function capture(): {
  httpClient: HttpClient & NonNullable<StoragePipelineOptions['httpClient']>
  last: () => Sent
} {
  let last: PipelineRequest | undefined
  const httpClient: HttpClient = {
    sendRequest: async (request) => {
      last = request
      return { request, status: 201, headers: createHttpHeaders(), bodyAsText: '' }
    },
  }
  return {
    // The older clients' type differs in the headers, which their pipeline wraps by itself.
    httpClient: httpClient as ReturnType<typeof capture>['httpClient'],
    last: () => {
      if (!last) throw new Error('The SDK sent nothing.')
      const { body } = last
      const bytes = typeof body === 'string' || body instanceof Uint8Array ? Buffer.from(body) : null
      const headers = pairsOf(last.headers).map(([name, value]) => [name.toLowerCase(), value] as const)
      return { method: last.method, url: last.url, headers, body: bytes }
    },
  }
}

// The clients for blobs and queues still have headers of the older kind.
function pairsOf(headers: PipelineRequest['headers']): Pairs {
  const older = headers as unknown as { headersArray?: () => { name: string; value: string }[] }
  return older.headersArray ? older.headersArray().map(({ name, value }) => [name, value]) : [...headers]
}

/** Hosts of the account as it would be at Azure. */
export const hosts = {
  blob: `https://${credentials.accountName}.blob.core.windows.net`,
  queue: `https://${credentials.accountName}.queue.core.windows.net`,
  table: `https://${credentials.accountName}.table.core.windows.net`,
}
