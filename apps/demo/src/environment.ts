import { EzError, Secret, type SignContext, secret } from '@ez/core'

/** The instant of a stale clock, relative to the real one: past every vendor's tolerance. */
export const staleClockMs: number = -20 * 60 * 1000

// Published example credentials: AWS General Reference; Oracle NetSuite Help, "The signature for web services
// and RESTlets"; Azure Cosmos DB REST API, "Access control on Azure Cosmos DB resources".
const awsSecretKey = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY'
const netsuiteTokenSecret = 'c29a677df7d5439a458c063654187e3d678d73aca8e3c9d8bea1478a3eb0d295'
const cosmosMasterKey =
  'dsZQi3KtZmCv1ljt3VNWNm7sQUF1y5rJfC6kv5JiwvW0EndXdDku/dkKBp8/ufDToSxLzR4y+O/0H/t4bQtVNw=='

// The ES256 key of RFC 7515, appendix A.3.
const netsuitePrivateKey = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgjpsQnnGQmL+YBIff
H1136cspYG6+0iY7X1fCE9+E9LKhRANCAAR/zc4ncPbEXUGDy+5v20t7WAczNXvp
7xO6z248e9FURcfxRM0bvZt+hyzf7bnuufSzaV1uqQskrYpGIyiFiOWt
-----END PRIVATE KEY-----
`
// Bob's key of RFC 7518, appendix C.
const otherPrivateKey = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgVEmDZpDXXK8p8N0C
ndsxs924q6nS1RXFASRl6BfUqdyhRANCAATB40nLYexwJIzoAQNMODThuI6+EWHL
Ja84dB94X8/ExHvJZwjvgJUrU/jSVV/nK4Qe0EWIYosdN4pZSTlQDsnJ
-----END PRIVATE KEY-----
`

/** The variables that the templates name: configuration and credentials. */
export const environment: Readonly<Record<string, unknown>> = {
  aws_access_key: 'AKIDEXAMPLE',
  aws_secret_key: secret(awsSecretKey),
  aws_region: 'us-east-1',

  spapi_host: 'sellingpartnerapi-na.amazon.com',
  marketplace_ids: ['ATVPDKIKX0DER', 'A2EUQ1WTGCTBG2'],

  // SP-API documentation, "Connecting to the Selling Partner API".
  lwa_client_id: 'foodev',
  lwa_client_secret: secret('Y76SDl2F'),
  lwa_refresh_token: secret('Atzr|IQEBLzAtAhexamplewVz2Nn6f2y-tpJX2DeX'),

  s3_host: 'examplebucket.s3.us-east-1.amazonaws.com',
  text_object: 'invoices/2026 Q1+Q2 für Zoë.txt',
  image_object: 'images/café + milk.png',

  netsuite_account: '1234567_SB1',
  netsuite_host: '1234567-sb1.suitetalk.api.netsuite.com',
  netsuite_restlet_host: '1234567-sb1.restlets.api.netsuite.com',
  netsuite_consumer_key: 'ef40afdd8abaac111b13825dd5e5e2ddddb44f86d5a0dd6dcf38c20aae6b67e4',
  netsuite_consumer_secret: secret('d26ad321a4b2f23b0741c8d38392ce01c3e23e109df6c96eac6d099e9ab9e8b5'),
  netsuite_token: '2b0ce516420110bcbd36b69e99196d1b7f6de3c6234c5afb799b73d87569f5cc',
  netsuite_token_secret: secret(netsuiteTokenSecret),
  netsuite_client_id: '60712990bc09623786e7047c226bcb3f86d49dca0b04efc21001dc76d97a81f5',
  netsuite_certificate_id: 'custcertificate_example',
  netsuite_private_key: secret(netsuitePrivateKey),
  page_size: 10,
  page_offset: 0,

  cosmos_host: 'example-account.documents.azure.com',
  cosmos_master_key: secret(cosmosMasterKey),
  cosmos_database: 'Shop',
  cosmos_container: 'Orders',
  order_id: 'Order 42',
  customer: 'Zoë',
}

/** Keys of the right form that the endpoints do not know; they take the place of the right ones. */
export const wrongKeys: Readonly<Record<string, unknown>> = {
  aws_secret_key: secret([...awsSecretKey].reverse().join('')),
  lwa_client_secret: secret('F2lDS67Y'),
  netsuite_private_key: secret(otherPrivateKey),
  netsuite_token_secret: secret([...netsuiteTokenSecret].reverse().join('')),
  cosmos_master_key: secret(`${[...cosmosMasterKey.slice(0, 84)].reverse().join('')}AA==`),
}

/** A credential of the attempt, for signers whose credentials are a function. */
export function credential(context: SignContext, name: string): string | Secret {
  const value = context.variables?.[name]
  if (typeof value === 'string' || Secret.isInstance(value)) return value
  throw new EzError('EZ_CREDENTIAL_MISSING', `demo: ${name} is not set. Add it to the environment.`)
}
