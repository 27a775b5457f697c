import type { ReceivedRequest } from '@ez/core/received'
import { refusal } from './refusal.ts'

/** What a request says of its signature. */
export interface Claim {
  readonly keyId: string
  readonly token: string
  /** Seconds since 1970. */
  readonly timestamp: number
  /** Base64. */
  readonly signature: string
  /** Every parameter of the header but the signature, decoded. */
  readonly signed: Readonly<Record<string, string>>
}

/** @throws EZ_AUTHORIZATION_MISSING, EZ_AUTHORIZATION_INVALID, EZ_AUTHORIZATION_AMBIGUOUS */
export function readClaim({ header }: ReceivedRequest): Claim {
  const authorization = header('authorization')
  if (authorization === undefined)
    throw refusal('EZ_AUTHORIZATION_MISSING', 'there is no authorization header.')
  const { oauth_signature: signature = '', ...signed } = readParameters(authorization)
  const { oauth_consumer_key: keyId = '', oauth_token: token = '', oauth_timestamp: timestamp = '' } = signed
  if (signed.oauth_signature_method !== 'HMAC-SHA256' || !/^\d{1,12}$/.test(timestamp))
    throw refusal('EZ_AUTHORIZATION_INVALID', 'the signature method or the timestamp is not valid.')
  return { keyId, token, timestamp: Number(timestamp), signature, signed }
}

function readParameters(authorization: string): Record<string, string> {
  const parameters: Record<string, string> = {}
  const pattern = /(?:^OAuth |, ?)([a-z_]+)="([^"]*)"/gy
  let end = 0
  for (const [whole, name = '', value = ''] of authorization.matchAll(pattern)) {
    if (Object.hasOwn(parameters, name))
      throw refusal('EZ_AUTHORIZATION_AMBIGUOUS', `there are two parameters ${name}.`)
    parameters[name] = decoded(value)
    end += whole.length
  }
  if (end !== authorization.length || end === 0)
    throw refusal('EZ_AUTHORIZATION_INVALID', 'the authorization header cannot be read.')
  return parameters
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value)
  } catch {
    throw refusal('EZ_AUTHORIZATION_INVALID', 'a parameter is not percent-encoded UTF-8.')
  }
}
