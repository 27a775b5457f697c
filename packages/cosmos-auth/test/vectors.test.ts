import { readFileSync } from 'node:fs'
import { EzError, type ResolvedRequest } from '@ez/core'
import { describeSigner, type Vector } from '@ez/core/testing'
import { describe, it } from 'vitest'
import { provider } from '../src/index.ts'
import { verifyCosmosAuth } from '../src/verify/verify.ts'

const vectors: unknown = JSON.parse(readFileSync(new URL('../vectors/cosmos.json', import.meta.url), 'utf8'))

async function verify(request: ResolvedRequest, { options, context }: Vector): Promise<void> {
  // The service needs the version, though it is not signed.
  if (!request.headers.some(([name]) => name === 'x-ms-version'))
    throw new EzError('EZ_HEADER_UNSIGNED', 'x-ms-version is missing.')
  await verifyCosmosAuth(request, {
    secretFor: () => options.masterKey as string,
    now: new Date(context.now),
  })
}

describeSigner(provider, vectors, {
  credentials: ['masterKey'],
  // Neither query nor body are signed.
  signs: ['method', 'path'],
  bodies: 'creating an item',
  verify,
  describe,
  it,
})
