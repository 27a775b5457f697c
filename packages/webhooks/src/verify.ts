import { type VerifyRequest, verifySignature } from '@ez/signature/verify'
import { gitHub, shopify, slack, standard, stripe, twilio } from './description.ts'

export type { VerifiedSignature, VerifierSecret, VerifySignatureOptions } from '@ez/signature/verify'

/**
 * Verifies a delivery of GitHub.
 *
 * @throws EZ_AUTHORIZATION_MISSING, EZ_AUTHORIZATION_INVALID, EZ_KEY_UNKNOWN, EZ_CLOCK_SKEW, EZ_SIGNATURE_MISMATCH,
 * EZ_BODY_MISMATCH, EZ_BODY_TOO_LARGE, EZ_REQUEST_INVALID
 *
 * @example
 * ```ts
 * import { verifyGitHubWebhook } from '@ez/webhooks/verify'
 *
 * export async function handle(request: Request): Promise<Response> {
 *   const { covers } = await verifyGitHubWebhook(request, { secretFor: () => 'example-secret' })
 *   return Response.json(covers)
 * }
 * ```
 */
export const verifyGitHubWebhook: VerifyRequest = /* @__PURE__ */ verifySignature(gitHub)

/**
 * Verifies a delivery of Slack.
 *
 * @throws EZ_AUTHORIZATION_MISSING, EZ_AUTHORIZATION_INVALID, EZ_KEY_UNKNOWN, EZ_CLOCK_SKEW, EZ_SIGNATURE_MISMATCH,
 * EZ_BODY_MISMATCH, EZ_BODY_TOO_LARGE, EZ_REQUEST_INVALID
 *
 * @example
 * ```ts
 * import { verifySlackWebhook } from '@ez/webhooks/verify'
 *
 * export async function handle(request: Request): Promise<Response> {
 *   const { covers } = await verifySlackWebhook(request, { secretFor: () => 'example-secret' })
 *   return Response.json(covers)
 * }
 * ```
 */
export const verifySlackWebhook: VerifyRequest = /* @__PURE__ */ verifySignature(slack)

/**
 * Verifies a delivery of Stripe. A time ahead of the clock is taken, as Stripe's own library does.
 *
 * @throws EZ_AUTHORIZATION_MISSING, EZ_AUTHORIZATION_INVALID, EZ_KEY_UNKNOWN, EZ_CLOCK_SKEW, EZ_SIGNATURE_MISMATCH,
 * EZ_BODY_MISMATCH, EZ_BODY_TOO_LARGE, EZ_REQUEST_INVALID
 *
 * @example
 * ```ts
 * import { verifyStripeWebhook } from '@ez/webhooks/verify'
 *
 * export async function handle(request: Request): Promise<Response> {
 *   const { covers } = await verifyStripeWebhook(request, { secretFor: () => 'example-secret' })
 *   return Response.json(covers)
 * }
 * ```
 */
export const verifyStripeWebhook: VerifyRequest = /* @__PURE__ */ verifySignature(stripe)

/**
 * Verifies a delivery of Standard Webhooks. Both `webhook-` and `svix-` headers are taken, and any signature of the list.
 *
 * @throws EZ_AUTHORIZATION_MISSING, EZ_AUTHORIZATION_INVALID, EZ_KEY_UNKNOWN, EZ_CLOCK_SKEW, EZ_SIGNATURE_MISMATCH,
 * EZ_BODY_MISMATCH, EZ_BODY_TOO_LARGE, EZ_REQUEST_INVALID
 *
 * @example
 * ```ts
 * import { verifyStandardWebhook } from '@ez/webhooks/verify'
 *
 * export async function handle(request: Request): Promise<Response> {
 *   const { covers } = await verifyStandardWebhook(request, { secretFor: () => 'example-secret' })
 *   return Response.json(covers)
 * }
 * ```
 */
export const verifyStandardWebhook: VerifyRequest = /* @__PURE__ */ verifySignature(standard)

/**
 * Verifies a delivery of Twilio. The secret is the auth token; the URL is tried with and without its port. Give `url` behind a proxy.
 *
 * @throws EZ_AUTHORIZATION_MISSING, EZ_AUTHORIZATION_INVALID, EZ_KEY_UNKNOWN, EZ_CLOCK_SKEW, EZ_SIGNATURE_MISMATCH,
 * EZ_BODY_MISMATCH, EZ_BODY_TOO_LARGE, EZ_REQUEST_INVALID
 *
 * @example
 * ```ts
 * import { verifyTwilioWebhook } from '@ez/webhooks/verify'
 *
 * export async function handle(request: Request): Promise<Response> {
 *   const { covers } = await verifyTwilioWebhook(request, { secretFor: () => 'example-secret' })
 *   return Response.json(covers)
 * }
 * ```
 */
export const verifyTwilioWebhook: VerifyRequest = /* @__PURE__ */ verifySignature(twilio)

/**
 * Verifies a delivery of Shopify.
 *
 * @throws EZ_AUTHORIZATION_MISSING, EZ_AUTHORIZATION_INVALID, EZ_KEY_UNKNOWN, EZ_CLOCK_SKEW, EZ_SIGNATURE_MISMATCH,
 * EZ_BODY_MISMATCH, EZ_BODY_TOO_LARGE, EZ_REQUEST_INVALID
 *
 * @example
 * ```ts
 * import { verifyShopifyWebhook } from '@ez/webhooks/verify'
 *
 * export async function handle(request: Request): Promise<Response> {
 *   const { covers } = await verifyShopifyWebhook(request, { secretFor: () => 'example-secret' })
 *   return Response.json(covers)
 * }
 * ```
 */
export const verifyShopifyWebhook: VerifyRequest = /* @__PURE__ */ verifySignature(shopify)
