import { reveal } from '@ez/core'
import { createHmacKey, type HmacKey, sha256 } from '@ez/core/crypto'
import { authorizeByAadToken, authorizeByResourceToken } from './authorization-header.ts'
import { type CosmosCredentials, decodeMasterKey, fields, isEmpty } from './options.ts'

/** Credentials, made ready for many requests: a key to sign with, or a header that is always the same. */
export type Authorizer = {
  /** What the trace must not show. */
  readonly secrets: readonly string[]
} & (
  | { readonly key: HmacKey; readonly header?: undefined }
  | { readonly key?: undefined; readonly header: string }
)

/** Decodes the key, or encodes the token. @throws EZ_CREDENTIAL_INVALID */
export function prepareAuthorizer(id: string, credentials: CosmosCredentials): Authorizer {
  const { masterKey, resourceToken, aadToken } = credentials
  if (masterKey !== undefined && masterKey !== null && masterKey !== '')
    return { key: createHmacKey(sha256, decodeMasterKey(id, masterKey)), secrets: [reveal(masterKey)] }
  const token = reveal(resourceToken || aadToken || '')
  const header = isEmpty(aadToken) ? authorizeByResourceToken(token) : authorizeByAadToken(token)
  return { header, secrets: [token, header] }
}

/** Keeps the authorizer of the credentials seen last, so that a function that gives the same ones costs nothing. */
export function createAuthorizerCache(id: string): (credentials: CosmosCredentials) => Authorizer {
  let lastGiven: readonly string[] = []
  let last: Authorizer | undefined
  return (credentials) => {
    const given = fields.map((field) => reveal(credentials[field] ?? ''))
    if (!last || given.some((text, index) => text !== lastGiven[index])) {
      last = prepareAuthorizer(id, credentials)
      lastGiven = given
    }
    return last
  }
}
