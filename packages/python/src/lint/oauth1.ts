import { createHmac } from 'node:crypto'
import { signRequest } from '@ez/core'
import { at, findText, percentDecoded, type RunFacts } from './facts.ts'
import type { LintFinding } from './finding.ts'
import type { LintSigners } from './signers.ts'

/**
 * Compares a script that signs with OAuth 1.0a with the signer.
 *
 * Source: RFC 5849 section 3.4.1, signature base string.
 */
export async function checkOAuth1(facts: RunFacts, signers: LintSigners): Promise<LintFinding[] | undefined> {
  const written = findText(facts, (text) => /^OAuth .*oauth_signature="/s.test(text))
  if (!written) return undefined
  const parameters = new Map(
    [...written.text.matchAll(/(\w+)="([^"]*)"/g)].map(([, name = '', value = '']) => [
      name,
      percentDecoded(value),
    ]),
  )
  const base = findText(facts, (text) => /^[A-Za-z]+&https?%3A/i.test(text) && text.split('&').length === 3)
  const findings: LintFinding[] = []
  const { sent } = facts
  if (base && sent) {
    const [method = '', , pairs = ''] = base.text.split('&')
    if (method !== sent.method)
      findings.push({
        rule: 'method-contradicts',
        severity: 'error',
        ...at(facts, findText(facts, (text) => text === method)?.name ?? base.name),
        message: `the script signs ${method}, and the request is a ${sent.method}. Take the method from the request: request.method.`,
      })
    const signed = percentDecoded(pairs)
    const missing = [...new URL(sent.url).searchParams.keys()].filter(
      (name) => !signed.split('&').some((pair) => percentDecoded(pair.split('=')[0] ?? '') === name),
    )
    if (missing.length > 0)
      findings.push({
        rule: 'query-unsigned',
        severity: 'error',
        ...at(facts, base.name),
        message: `the request has the query parameters ${missing.join(', ')}, and the script does not sign them: a server that does refuses it. Add every pair of the query to the parameters before they are sorted (RFC 5849 section 3.4.1.3), or sign with @ez/netsuite-oauth1.`,
      })
  }
  if (findings.length > 0 || !sent || !base || !signers.oauth1) return findings
  const expected = await expectedOAuth1Signature(facts, parameters, base.text, sent, signers)
  if (expected !== undefined && expected !== parameters.get('oauth_signature'))
    findings.push({
      rule: 'signature-differs',
      severity: 'error',
      ...at(facts, base.name),
      message: `the signature is not the one of @ez/netsuite-oauth1 for the same request, keys, time and nonce. Names, values and secrets must each be percent-encoded (RFC 5849 section 3.6) before they are joined.`,
    })
  return findings
}

async function expectedOAuth1Signature(
  facts: RunFacts,
  parameters: ReadonlyMap<string, string>,
  base: string,
  sent: NonNullable<RunFacts['sent']>,
  { oauth1 }: LintSigners,
): Promise<string | undefined> {
  const method = parameters.get('oauth_signature_method')
  if (!oauth1 || (method !== 'HMAC-SHA1' && method !== 'HMAC-SHA256')) return undefined
  const algorithm = method === 'HMAC-SHA1' ? 'sha1' : 'sha256'
  const signature = parameters.get('oauth_signature')
  const signs = (key: string): boolean =>
    createHmac(algorithm, key).update(base).digest('base64') === signature
  const secrets = [...facts.texts.values()].filter((text) => text.length < 500)
  // As the script joined them: a secret with an ampersand is its own fault, and no comparison.
  const pair = secrets.find((text) => text.includes('&') && signs(text))?.split('&')
  if (pair?.length !== 2) return undefined
  const [consumerSecret = '', tokenSecret = ''] = pair
  const named = (value: string): string =>
    secrets.find((text) => text !== value && encodeURIComponent(text) === value) ?? value
  const version = parameters.has('oauth_version') ? '1.0' : null
  const prepared = await signRequest(
    {
      method: sent.method,
      url: sent.url,
      headers: contentType(sent.headers),
      body: sent.body.length === 0 ? null : sent.body,
    },
    [
      oauth1({
        consumerKey: parameters.get('oauth_consumer_key') ?? '',
        token: parameters.get('oauth_token') ?? '',
        consumerSecret: named(consumerSecret),
        tokenSecret: named(tokenSecret),
        signatureMethod: method,
        version,
      }),
    ],
    { clock: () => new Date(facts.now), nonce: () => parameters.get('oauth_nonce') ?? '' },
  )
  const authorization = prepared.headers.find(([name]) => name === 'authorization')?.[1] ?? ''
  return percentDecoded(/oauth_signature="([^"]*)"/.exec(authorization)?.[1] ?? '')
}

function contentType(headers: readonly (readonly [string, string])[]): (readonly [string, string])[] {
  return headers.filter(([name]) => name === 'content-type')
}
