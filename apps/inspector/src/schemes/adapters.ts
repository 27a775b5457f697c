import type { PreparedRequest } from '@ez/core'
import { type SignedScheme, schemeOf } from '@ez/request-file/signed'
import type { Adapter } from './adapter.ts'
import { awsAdapters } from './aws.ts'
import { azureStorageAdapter, cosmosAdapter } from './azure.ts'
import { declaredAdapter } from './declared.ts'
import { describedAdapters } from './described.ts'
import { messageSignaturesAdapter } from './message-signatures.ts'
import { oauth1Adapters } from './oauth1.ts'

/** Every scheme that the page knows, in the order in which it offers them. */
export const adapters: readonly Adapter[] = [
  ...awsAdapters,
  ...oauth1Adapters,
  cosmosAdapter,
  azureStorageAdapter,
  messageSignaturesAdapter,
  ...describedAdapters,
  declaredAdapter,
]

/** How the page works with the scheme that a request was signed by. */
export function adapterOf(
  prepared: PreparedRequest,
  chosen?: string,
): { adapter?: Adapter; scheme?: SignedScheme } {
  const scheme = schemeOf(prepared)
  const adapter = adapters.find(({ id }) => id === (chosen ?? scheme?.id))
  return { ...(adapter && { adapter }), ...(scheme && { scheme }) }
}

/** How the page works with a provider that a request file names, and with its options. */
export function adapterFor(
  use: string,
  options: Readonly<Record<string, unknown>> = {},
): Adapter | undefined {
  const id = use === '@ez/webhooks' ? `webhooks-${String(options.sender)}` : undefined
  return adapters.find((adapter) => adapter.use === use && (id === undefined || adapter.id === id))
}
