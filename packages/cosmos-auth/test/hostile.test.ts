import { EzError, type ResolvedRequest } from '@ez/core'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { verifyCosmosAuth } from '../src/verify/verify.ts'

const signature = fc.constantFrom('YQ==', 'c09PEVJrgp2uQRkr934kFbTqhByc7TVr3OHyqlu+c+c=', 'x')
const authorization = fc.oneof(
  fc.string({ unit: 'binary-ascii' }),
  fc
    .tuple(fc.constantFrom('master', 'resource', 'aad', 'none'), fc.constantFrom('1.0', '2'), signature)
    .map(([type, version, text]) => encodeURIComponent(`type=${type}&ver=${version}&sig=${text}`)),
)
const path = fc.array(
  fc.constantFrom('dbs', '/', 'a', '%FF', '%20', 'AbCdEf==', 'colls', 'operations', '..'),
  { maxLength: 9 },
)

it('refuses whatever it is sent with a coded error', async () => {
  await fc.assert(
    fc.asyncProperty(
      authorization,
      path,
      fc.string(),
      fc.constantFrom('', 'bm8=', '!'),
      async (value, parts, date, key) => {
        const request: ResolvedRequest = {
          method: 'GET',
          url: `https://a.example/${parts.join('')}`,
          headers: [
            ['authorization', value],
            ['x-ms-date', date],
          ],
          body: null,
        }
        const error = await verifyCosmosAuth(request, { secretFor: () => key }).catch(
          (thrown: unknown) => thrown,
        )
        expect(EzError.isInstance(error)).toBe(true)
      },
    ),
    { numRuns: 500 },
  )
})

it('refuses two authorizations that a Request has joined', async () => {
  const headers = new Headers({ authorization: 'type%3Dmaster%26ver%3D1.0%26sig%3DYQ%3D%3D' })
  headers.append('authorization', 'type%3Dmaster%26ver%3D1.0%26sig%3DYQ%3D%3D')
  const request = new Request('https://a.example/dbs', { headers })
  await expect(verifyCosmosAuth(request, { secretFor: () => 'YQ==' })).rejects.toMatchObject({
    code: 'EZ_AUTHORIZATION_AMBIGUOUS',
  })
})
