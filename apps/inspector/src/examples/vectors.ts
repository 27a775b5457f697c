import akamai from '../../../../packages/akamai-edgegrid/vectors/akamai-edgegrid.json'
import alibaba from '../../../../packages/alibaba-cloud/vectors/alibaba-cloud.json'
import v4a from '../../../../packages/aws-sigv4/vectors/aws-c-auth-v4a.json'
import botocore from '../../../../packages/aws-sigv4/vectors/botocore.json'
import s3 from '../../../../packages/aws-sigv4/vectors/s3-documentation.json'
import azure from '../../../../packages/azure-storage/vectors/azure-storage.json'
import bybit from '../../../../packages/bybit/vectors/bybit.json'
import cavage from '../../../../packages/cavage-signatures/vectors/cavage-signatures.json'
import cybersource from '../../../../packages/cavage-signatures/vectors/cybersource.json'
import oci from '../../../../packages/cavage-signatures/vectors/oci.json'
import cosmos from '../../../../packages/cosmos-auth/vectors/cosmos.json'
import rfc9421 from '../../../../packages/http-message-signatures/vectors/rfc9421.json'
import kraken from '../../../../packages/kraken/vectors/kraken.json'
import mastercard from '../../../../packages/mastercard/vectors/mastercard.json'
import netsuite from '../../../../packages/netsuite-oauth1/vectors/netsuite.json'
import oauth1 from '../../../../packages/netsuite-oauth1/vectors/oauth1.json'
import tencent from '../../../../packages/tencent-cloud/vectors/tencent-cloud.json'
import github from '../../../../packages/webhooks/vectors/github.json'
import shopify from '../../../../packages/webhooks/vectors/shopify.json'
import slack from '../../../../packages/webhooks/vectors/slack.json'
import standard from '../../../../packages/webhooks/vectors/standard.json'
import stripe from '../../../../packages/webhooks/vectors/stripe.json'
import twilio from '../../../../packages/webhooks/vectors/twilio.json'

/** A published case, as the packages' own tests use it. */
export interface Vector {
  readonly title: string
  readonly source: string
  readonly context: { readonly now: string; readonly nonce?: string }
  readonly options: Readonly<Record<string, unknown>>
  readonly request: {
    readonly method: string
    readonly url: string
    readonly headers: readonly (readonly [string, string])[]
    readonly body: { readonly encoding: 'utf8' | 'base64'; readonly data: string } | null
  }
  readonly stages: Readonly<Record<string, string>>
}

/** A file of published cases, with what the page calls it. */
export interface VectorFile {
  /** As an address names its first case. */
  readonly id: string
  readonly group: string
  readonly use: string
  /** Added to the options, where a request file wants more than the signer. */
  readonly options?: Readonly<Record<string, unknown>>
  readonly vectors: readonly Vector[]
}

const file = (id: string, group: string, use: string, vectors: unknown, sender?: string): VectorFile => ({
  id,
  group,
  use,
  ...(sender !== undefined && { options: { sender } }),
  // One published case has no secret at all, which no verifier takes.
  vectors: (vectors as readonly Vector[]).filter(({ options }) => options.consumerSecret !== ''),
})

/** The cases of every provider. */
export const vectorFiles: readonly VectorFile[] = [
  file('aws-sigv4', 'AWS Signature Version 4', '@ez/aws-sigv4', s3),
  file('aws-sigv4-json', 'AWS Signature Version 4', '@ez/aws-sigv4', botocore),
  file('aws-sigv4a', 'AWS Signature Version 4', '@ez/aws-sigv4/v4a', v4a),
  file('netsuite-oauth1', 'NetSuite and OAuth 1.0a', '@ez/netsuite-oauth1', netsuite),
  file('oauth1', 'NetSuite and OAuth 1.0a', '@ez/netsuite-oauth1/oauth1', oauth1),
  file('cosmos-auth', 'Azure', '@ez/cosmos-auth', cosmos),
  file('azure-storage', 'Azure', '@ez/azure-storage', azure),
  file('http-message-signatures', 'HTTP Message Signatures', '@ez/http-message-signatures', rfc9421),
  file('akamai-edgegrid', 'Vendors', '@ez/akamai-edgegrid', akamai),
  file('alibaba-cloud', 'Vendors', '@ez/alibaba-cloud', alibaba),
  file('tencent-cloud', 'Vendors', '@ez/tencent-cloud', tencent),
  file('bybit', 'Vendors', '@ez/bybit', bybit),
  file('kraken', 'Vendors', '@ez/kraken', kraken),
  file('mastercard', 'Vendors', '@ez/mastercard', mastercard),
  file('cavage-signatures', 'Vendors', '@ez/cavage-signatures', cavage),
  file('oci', 'Vendors', '@ez/cavage-signatures/oci', oci),
  file('cybersource', 'Vendors', '@ez/cavage-signatures/cybersource', cybersource),
  file('webhooks', 'Webhooks', '@ez/webhooks', github, 'github'),
  file('slack', 'Webhooks', '@ez/webhooks', slack, 'slack'),
  file('stripe', 'Webhooks', '@ez/webhooks', stripe, 'stripe'),
  file('standard-webhooks', 'Webhooks', '@ez/webhooks', standard, 'standard'),
  file('twilio', 'Webhooks', '@ez/webhooks', twilio, 'twilio'),
  file('shopify', 'Webhooks', '@ez/webhooks', shopify, 'shopify'),
]
