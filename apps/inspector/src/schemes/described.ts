import * as akamai from '@ez/akamai-edgegrid'
import { verifyAkamaiEdgeGrid } from '@ez/akamai-edgegrid/verify'
import * as alibaba from '@ez/alibaba-cloud'
import { verifyAlibabaCloud } from '@ez/alibaba-cloud/verify'
import * as bybit from '@ez/bybit'
import { verifyBybit } from '@ez/bybit/verify'
import * as cavage from '@ez/cavage-signatures'
import * as cybersource from '@ez/cavage-signatures/cybersource'
import * as oci from '@ez/cavage-signatures/oci'
import {
  verifyCavageSignatures,
  verifyCyberSourceSignatures,
  verifyOciSignatures,
} from '@ez/cavage-signatures/verify'
import * as kraken from '@ez/kraken'
import { verifyKraken } from '@ez/kraken/verify'
import * as mastercard from '@ez/mastercard'
import { verifyMastercard } from '@ez/mastercard/verify'
import * as tencent from '@ez/tencent-cloud'
import { verifyTencentCloud } from '@ez/tencent-cloud/verify'
import * as webhooks from '@ez/webhooks'
import {
  verifyGitHubWebhook,
  verifyShopifyWebhook,
  verifySlackWebhook,
  verifyStandardWebhook,
  verifyStripeWebhook,
  verifyTwilioWebhook,
} from '@ez/webhooks/verify'
import type { Adapter } from './adapter.ts'
import { type Described, describedAdapter } from './described-adapter.ts'

const vendors: readonly Described[] = [
  {
    id: 'akamai-edgegrid',
    title: 'Akamai EdgeGrid',
    module: akamai,
    verify: verifyAkamaiEdgeGrid,
    told: ['headersToSign', 'maxBodyBytes'],
  },
  { id: 'alibaba-cloud', title: 'Alibaba Cloud', module: alibaba, verify: verifyAlibabaCloud },
  { id: 'tencent-cloud', title: 'Tencent Cloud', module: tencent, verify: verifyTencentCloud },
  { id: 'bybit', title: 'Bybit V5', module: bybit, verify: verifyBybit },
  { id: 'kraken', title: 'Kraken spot', module: kraken, verify: verifyKraken },
  { id: 'mastercard', title: 'Mastercard', module: mastercard, verify: verifyMastercard },
  {
    id: 'oci-signatures',
    title: 'Oracle Cloud Infrastructure',
    use: '@ez/cavage-signatures/oci',
    module: oci,
    verify: verifyOciSignatures,
    description: {
      options: { privateKey: 'secret' },
      signature: { sign: 'rsa-sha256', key: 'privateKey', of: 'signing-string', as: 'base64' },
    },
  },
  {
    id: 'cybersource-signatures',
    title: 'CyberSource',
    use: '@ez/cavage-signatures/cybersource',
    module: cybersource,
    verify: verifyCyberSourceSignatures,
    description: {
      options: { sharedSecret: 'secret' },
      signature: {
        hmac: 'sha256',
        key: 'sharedSecret, decoded from base64',
        of: 'signing-string',
        as: 'base64',
      },
    },
  },
  {
    id: 'cavage-signatures',
    title: 'HTTP signatures of the draft',
    module: cavage,
    verify: verifyCavageSignatures,
    told: ['algorithm'],
  },
]

const senders = [
  { sender: 'github', title: 'GitHub', verify: verifyGitHubWebhook, description: webhooks.gitHub },
  { sender: 'slack', title: 'Slack', verify: verifySlackWebhook, description: webhooks.slack },
  { sender: 'stripe', title: 'Stripe', verify: verifyStripeWebhook, description: webhooks.stripe },
  {
    sender: 'standard',
    title: 'Standard Webhooks',
    verify: verifyStandardWebhook,
    description: webhooks.standard,
  },
  { sender: 'twilio', title: 'Twilio', verify: verifyTwilioWebhook, description: webhooks.twilio },
  { sender: 'shopify', title: 'Shopify', verify: verifyShopifyWebhook, description: webhooks.shopify },
]

export const describedAdapters: readonly Adapter[] = [
  ...vendors.map(describedAdapter),
  ...senders.map(({ sender, title, ...rest }) =>
    describedAdapter({
      id: `webhooks-${sender}`,
      title: `Webhook: ${title}`,
      use: '@ez/webhooks',
      module: webhooks,
      ...rest,
    }),
  ),
]
