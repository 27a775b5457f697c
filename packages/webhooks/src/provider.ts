import { checkOptions, EzError, type PreRequestScript, type Provider, type Signer } from '@ez/core'
import { defineSignature, type OptionsOf } from '@ez/signature'
import { gitHub, shopify, slack, standard, stripe, twilio } from './description.ts'

/** Options of `gitHubWebhook`. */
export type GitHubWebhookOptions = OptionsOf<typeof gitHub>

/**
 * Signs as GitHub signs what it delivers; for the tests of a receiver.
 *
 * @throws EZ_OPTION_INVALID, EZ_CREDENTIAL_MISSING; when signing also EZ_BODY_UNSIGNABLE
 *
 * @example
 * ```ts
 * import { gitHubWebhook } from '@ez/webhooks'
 *
 * gitHubWebhook({ secret: 'example-secret' })
 * ```
 */
export function gitHubWebhook(options: GitHubWebhookOptions): Signer {
  return defineSignature(gitHub).create(options)
}

/** Options of `slackWebhook`. */
export type SlackWebhookOptions = OptionsOf<typeof slack>

/**
 * Signs as Slack signs what it delivers; for the tests of a receiver.
 *
 * @throws EZ_OPTION_INVALID, EZ_CREDENTIAL_MISSING; when signing also EZ_BODY_UNSIGNABLE
 *
 * @example
 * ```ts
 * import { slackWebhook } from '@ez/webhooks'
 *
 * slackWebhook({ secret: 'example-secret' })
 * ```
 */
export function slackWebhook(options: SlackWebhookOptions): Signer {
  return defineSignature(slack).create(options)
}

/** Options of `stripeWebhook`. */
export type StripeWebhookOptions = OptionsOf<typeof stripe>

/**
 * Signs as Stripe signs what it delivers; for the tests of a receiver.
 *
 * @throws EZ_OPTION_INVALID, EZ_CREDENTIAL_MISSING; when signing also EZ_BODY_UNSIGNABLE
 *
 * @example
 * ```ts
 * import { stripeWebhook } from '@ez/webhooks'
 *
 * stripeWebhook({ secret: 'whsec_example' })
 * ```
 */
export function stripeWebhook(options: StripeWebhookOptions): Signer {
  return defineSignature(stripe).create(options)
}

/** Options of `standardWebhook`. */
export type StandardWebhookOptions = OptionsOf<typeof standard>

/**
 * Signs as Standard Webhooks signs what it delivers; for the tests of a receiver.
 *
 * @throws EZ_OPTION_INVALID, EZ_CREDENTIAL_MISSING; when signing also EZ_BODY_UNSIGNABLE
 *
 * @example
 * ```ts
 * import { standardWebhook } from '@ez/webhooks'
 *
 * standardWebhook({ secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', messageId: 'msg_1' })
 * ```
 */
export function standardWebhook(options: StandardWebhookOptions): Signer {
  return defineSignature(standard).create(options)
}

/** Options of `twilioWebhook`. */
export type TwilioWebhookOptions = OptionsOf<typeof twilio>

/**
 * Signs as Twilio signs what it delivers; for the tests of a receiver.
 *
 * @throws EZ_OPTION_INVALID, EZ_CREDENTIAL_MISSING; when signing also EZ_BODY_UNSIGNABLE
 *
 * @example
 * ```ts
 * import { twilioWebhook } from '@ez/webhooks'
 *
 * twilioWebhook({ authToken: 'example-token' })
 * ```
 */
export function twilioWebhook(options: TwilioWebhookOptions): Signer {
  return defineSignature(twilio).create(options)
}

/** Options of `shopifyWebhook`. */
export type ShopifyWebhookOptions = OptionsOf<typeof shopify>

/**
 * Signs as Shopify signs what it delivers; for the tests of a receiver.
 *
 * @throws EZ_OPTION_INVALID, EZ_CREDENTIAL_MISSING; when signing also EZ_BODY_UNSIGNABLE
 *
 * @example
 * ```ts
 * import { shopifyWebhook } from '@ez/webhooks'
 *
 * shopifyWebhook({ secret: 'example-secret' })
 * ```
 */
export function shopifyWebhook(options: ShopifyWebhookOptions): Signer {
  return defineSignature(shopify).create(options)
}

const senders = {
  github: gitHubWebhook,
  slack: slackWebhook,
  stripe: stripeWebhook,
  standard: standardWebhook,
  twilio: twilioWebhook,
  shopify: shopifyWebhook,
} as const

/** `with` in a request file. */
export interface WebhooksOptions {
  /** Whose deliveries are signed. */
  readonly sender: 'github' | 'slack' | 'stripe' | 'standard' | 'twilio' | 'shopify'
  /** The secret of the endpoint; Twilio's auth token. */
  readonly secret: string
  /** Of Standard Webhooks: the id of the delivery. */
  readonly messageId?: string
}

/** `use: '@ez/webhooks'` in a request file: sends a delivery as a sender would. */
export const provider: Provider<WebhooksOptions> = {
  id: 'webhooks',
  options: {
    type: 'object',
    required: ['sender', 'secret'],
    additionalProperties: false,
    properties: {
      sender: { enum: Object.keys(senders) },
      secret: {
        type: 'string',
        minLength: 1,
        description: "The secret of the endpoint; Twilio's auth token",
      },
      messageId: {
        type: 'string',
        minLength: 1,
        description: 'Of Standard Webhooks: the id of the delivery',
      },
    },
  },
  create(options): Signer | PreRequestScript {
    checkOptions('webhooks', options, {
      sender: Object.keys(senders)
        .map((name) => `'${name}'`)
        .join('|'),
      secret: 'secret',
      messageId: 'string?',
    })
    const { sender, secret, messageId } = options
    if (sender === 'twilio') return twilioWebhook({ authToken: secret })
    if (sender !== 'standard') return senders[sender]({ secret })
    if (messageId !== undefined) return standardWebhook({ secret, messageId })
    throw new EzError('EZ_OPTION_INVALID', 'webhooks: option messageId is needed for Standard Webhooks.')
  },
}
