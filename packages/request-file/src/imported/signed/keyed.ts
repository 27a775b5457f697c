import type { Signed, SignedRequest } from './signed.ts'

/** Azure Storage. Source: Microsoft, "Authorize with Shared Key". */
export function azureStep({ authorization, header }: SignedRequest): Signed | undefined {
  const [, scheme, accountName] = /^(SharedKey(?:Lite)?) ([^:\s]+):\S+$/.exec(authorization) ?? []
  if (scheme === undefined || accountName === undefined) return undefined
  const version = header('x-ms-version')
  return {
    step: {
      use: '@ez/azure-storage',
      with: {
        credentials: { accountName, accountKey: '{{account_key}}' },
        ...(scheme !== 'SharedKey' && { scheme }),
        ...(version !== undefined && { version }),
      },
    },
    headers: ['authorization', 'x-ms-date', 'x-ms-version', 'date'],
    secrets: ['account_key'],
  }
}

/** Azure Cosmos DB. Source: Microsoft, "Access control on Azure Cosmos DB resources". */
export function cosmosStep({ authorization }: SignedRequest): Signed | undefined {
  if (!/^type(?:=|%3d)master(?:&|%26)ver(?:=|%3d)/i.test(authorization)) return undefined
  return {
    step: { use: '@ez/cosmos-auth', with: { masterKey: '{{master_key}}' } },
    headers: ['authorization', 'x-ms-date'],
    secrets: ['master_key'],
  }
}

/** HTTP Digest, whose answer counts once. Source: RFC 7616 section 3.4. */
export function digestStep({ authorization, known }: SignedRequest): Signed | undefined {
  const [, username] = /^Digest\s.*?\busername="((?:[^"\\]|\\.)*)"/i.exec(authorization) ?? []
  if (username === undefined || !/\bresponse="/i.test(authorization)) return undefined
  return {
    step: {
      use: '@ez/core/steps/digest',
      with: { username: known('username', username.replace(/\\(.)/g, '$1')), password: '{{password}}' },
    },
    headers: ['authorization'],
    secrets: ['password'],
  }
}
