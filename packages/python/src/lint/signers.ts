import type { Signer } from '@ez/core'

/** The signers that a script is compared with, each as its package exports it. */
export interface LintSigners {
  /** `awsSigV4` of `@ez/aws-sigv4`. */
  readonly awsSigV4?: (options: {
    service: string
    region: string
    credentials: { accessKeyId: string; secretAccessKey: string }
    contentSha256Header?: boolean
  }) => Signer
  /** `oauth1` of `@ez/netsuite-oauth1`. */
  readonly oauth1?: (options: {
    consumerKey: string
    consumerSecret: string
    token: string
    tokenSecret: string
    signatureMethod: 'HMAC-SHA1' | 'HMAC-SHA256'
    version: '1.0' | null
  }) => Signer
  /** `cosmosAuth` of `@ez/cosmos-auth`. */
  readonly cosmosAuth?: (options: { masterKey: string }) => Signer
}

/** The signers that are installed. */
export async function installedSigners(): Promise<LintSigners> {
  const [aws, oauth, cosmos] = await Promise.all([
    import('@ez/aws-sigv4').catch(absent),
    import('@ez/netsuite-oauth1').catch(absent),
    import('@ez/cosmos-auth').catch(absent),
  ])
  return {
    ...(aws && { awsSigV4: aws.awsSigV4 }),
    ...(oauth && { oauth1: oauth.oauth1 }),
    ...(cosmos && { cosmosAuth: cosmos.cosmosAuth }),
  }
}

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error
  return undefined
}
