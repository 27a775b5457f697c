import * as azure from '@ez/azure-storage'
import { verifyAzureStorage } from '@ez/azure-storage/verify'
import { headerOf, type PreparedRequest } from '@ez/core'
import * as cosmos from '@ez/cosmos-auth'
import { verifyCosmosAuth } from '@ez/cosmos-auth/verify'
import { type Adapter, type Options, text } from './adapter.ts'
import { nobodysBase64 } from './keys.ts'

// Links do not name the account: hosts do, and of emulators the path.
function accountOf({ url, headers }: PreparedRequest): string {
  const [, named] = /^SharedKey(?:Lite)? ([^:]+):/.exec(headerOf(headers, 'authorization') ?? '') ?? []
  const { hostname, pathname } = new URL(url)
  const [first = ''] = hostname.split('.')
  return (
    named ??
    (/^[\d.]+$|^localhost$/.test(hostname)
      ? (pathname.split('/')[1] ?? '')
      : first.replace(/-secondary$/, ''))
  )
}

export const azureStorageAdapter: Adapter = {
  id: 'azure-storage',
  title: 'Azure Storage (Shared Key, SAS)',
  use: '@ez/azure-storage',
  module: azure,
  provider: azure.provider as never,
  nobody: () => ({ credentials: { accountKey: nobodysBase64 } }),
  verify: (prepared, { credentials, service }, now) =>
    verifyAzureStorage(prepared, {
      now,
      accountName: accountOf(prepared),
      secretFor: () => text((credentials as Options | undefined)?.accountKey),
      ...(service !== undefined && { service: service as 'blob' }),
    }),
  keySteps: () => [
    'key = the account key, decoded from base64 (of a user delegation SAS: the delegation key)',
    'signature = base64(HMAC-SHA256(key, string to sign))',
  ],
}

export const cosmosAdapter: Adapter = {
  id: 'cosmos-auth',
  title: 'Azure Cosmos DB',
  use: '@ez/cosmos-auth',
  module: cosmos,
  provider: cosmos.provider as never,
  nobody: () => ({ masterKey: nobodysBase64 }),
  verify: (prepared, { masterKey }, now) =>
    verifyCosmosAuth(prepared, { now, secretFor: () => text(masterKey) }),
  keySteps: () => [
    'key = the master key, decoded from base64',
    'signature = base64(HMAC-SHA256(key, string to sign))',
    'authorization = percent-encoded "type=master&ver=1.0&sig=" + signature',
  ],
}
