// What authorizes a request for as long as it holds: it is replaced by as many zeros, so that it still has its form.
const signatures =
  /((?:[Ss]ignature|oauth_signature|X-Amz-Signature|sig|\bv1)(?:=|%3[Dd])"?)([^\s"&,;']+)|^((?:x-bapi-sign|api-sign|x-hub-signature-256|x-slack-signature|webhook-signature|x-twilio-signature|x-shopify-hmac-sha256|signature) *: *)(.+)$/gim

/**
 * A text of a request or an answer whose signatures are zeros: as long as before, so that it can still be read and
 * compared, and worth nothing to who sends it again.
 *
 * @example
 * withoutSignatures('oauth_signature="a1B2"') // 'oauth_signature="0000"'
 */
export function withoutSignatures(text: string): string {
  return text.replace(signatures, (whole, before?: string, value?: string, header?: string, line?: string) =>
    before !== undefined && value !== undefined
      ? `${before}${zeros(value)}`
      : header !== undefined && line !== undefined
        ? `${header}${line.replace(/[A-Za-z0-9+/]{16,}=*/g, zeros)}`
        : whole,
  )
}

// Hex stays hex, and base64 base64; escapes stay where they are.
const zeros = (value: string): string =>
  value.replace(/%[0-9A-Fa-f]{2}|[A-Za-z0-9+/_-]/g, (one) => (one.length > 1 ? one : '0'))
