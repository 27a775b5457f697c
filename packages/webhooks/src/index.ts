export { gitHub, shopify, slack, standard, stripe, twilio } from './description.ts'
export {
  type GitHubWebhookOptions,
  gitHubWebhook,
  provider,
  type ShopifyWebhookOptions,
  type SlackWebhookOptions,
  type StandardWebhookOptions,
  type StripeWebhookOptions,
  shopifyWebhook,
  slackWebhook,
  standardWebhook,
  stripeWebhook,
  type TwilioWebhookOptions,
  twilioWebhook,
  type WebhooksOptions,
} from './provider.ts'
