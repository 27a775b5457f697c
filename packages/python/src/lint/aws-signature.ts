import { createHmac } from 'node:crypto'
import { signRequest } from '@ez/core'
import { findText, type RunFacts, type SentRequest } from './facts.ts'
import type { LintSigners } from './signers.ts'

/** What an `authorization` header of AWS Signature Version 4 says. */
export interface Claim {
  readonly keyId: string
  readonly date: string
  readonly region: string
  readonly service: string
  readonly signedHeaders: readonly string[]
  readonly signature: string
}

/** The header, with the parts of {@link Claim} as groups. */
export const authorizationHeader: RegExp =
  /^AWS4-HMAC-SHA256 +Credential=([^/,]+)\/(\d{8})\/([^/,]+)\/([^/,]+)\/aws4_request, *SignedHeaders=([^,]+), *Signature=([0-9a-f]{64})$/

/**
 * The signature of the signer for the same request, key and time; `undefined` when the secret is in no variable of the
 * script.
 */
export async function expectedAwsSignature(
  facts: RunFacts,
  claim: Claim,
  sent: SentRequest,
  { awsSigV4 }: LintSigners,
): Promise<string | undefined> {
  const toSign = findText(facts, (text) => text.startsWith('AWS4-HMAC-SHA256\n'))
  const secret =
    toSign &&
    findText(facts, (text) => text !== '' && awsSignatureBy(text, toSign.text, claim) === claim.signature)
  if (!secret || !awsSigV4) return undefined
  const signer = awsSigV4({
    service: claim.service,
    region: claim.region,
    credentials: { accessKeyId: claim.keyId, secretAccessKey: secret.text },
    contentSha256Header: claim.signedHeaders.includes('x-amz-content-sha256'),
  })
  // What the signer writes itself, and what the script left unsigned, would change the comparison.
  const headers = sent.headers.filter(
    ([name]) => claim.signedHeaders.includes(name) && !['x-amz-date', 'x-amz-content-sha256'].includes(name),
  )
  const signed = await signRequest(
    { method: sent.method, url: sent.url, headers, body: sent.body.length === 0 ? null : sent.body },
    [signer],
    { clock: () => new Date(facts.now) },
  )
  return authorizationHeader.exec(signed.headers.find(([name]) => name === 'authorization')?.[1] ?? '')?.[6]
}

function awsSignatureBy(secret: string, toSign: string, { date, region, service }: Claim): string {
  let key: Buffer = Buffer.from(`AWS4${secret}`)
  for (const part of [date, region, service, 'aws4_request'])
    key = createHmac('sha256', key).update(part).digest()
  return createHmac('sha256', key).update(toSign).digest('hex')
}
