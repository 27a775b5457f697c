import { awsSigV4 } from '@ez/aws-sigv4'
import type { PreRequestScript, Signer } from '@ez/core'
import { cosmosAuth } from '@ez/cosmos-auth'
import { netsuiteOAuth1 } from '@ez/netsuite-oauth1'
import { loginWithAmazon } from '@ez/oauth2/login-with-amazon'
import { netsuiteM2M } from '@ez/oauth2/netsuite'
import { credential } from './environment.ts'

// Credentials are functions of the attempt, so that one signer serves the right key and the wrong one.

function aws(service: string): Signer {
  return awsSigV4({
    service,
    region: 'us-east-1',
    credentials: (context) => ({
      accessKeyId: credential(context, 'aws_access_key'),
      secretAccessKey: credential(context, 'aws_secret_key'),
    }),
  })
}

/** Signs for Amazon SP-API. */
export const spApiSigner: Signer = aws('execute-api')

/** Signs for Amazon S3. */
export const s3Signer: Signer = aws('s3')

/** Signs for NetSuite. */
export const netsuiteSigner: Signer = netsuiteOAuth1({
  credentials: (context) => ({
    accountId: String(credential(context, 'netsuite_account')),
    consumerKey: credential(context, 'netsuite_consumer_key'),
    consumerSecret: credential(context, 'netsuite_consumer_secret'),
    tokenId: credential(context, 'netsuite_token'),
    tokenSecret: credential(context, 'netsuite_token_secret'),
  }),
})

/** Signs for Azure Cosmos DB. */
export const cosmosSigner: Signer = cosmosAuth({
  credentials: (context) => ({ masterKey: credential(context, 'cosmos_master_key') }),
})

/** Fetches Login with Amazon tokens. */
export function amazonLogin(): PreRequestScript {
  return loginWithAmazon({
    credentials: (context) => ({
      clientId: String(credential(context, 'lwa_client_id')),
      clientSecret: credential(context, 'lwa_client_secret'),
      refreshToken: credential(context, 'lwa_refresh_token'),
    }),
  })
}

/** Fetches NetSuite tokens, machine to machine. */
export function netsuiteLogin(): PreRequestScript {
  return netsuiteM2M({
    credentials: (context) => ({
      accountId: String(credential(context, 'netsuite_account')),
      clientId: String(credential(context, 'netsuite_client_id')),
      certificateId: String(credential(context, 'netsuite_certificate_id')),
      privateKey: credential(context, 'netsuite_private_key'),
      algorithm: 'ES256',
    }),
  })
}
