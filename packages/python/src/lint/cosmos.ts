import { createHmac } from 'node:crypto'
import { signRequest } from '@ez/core'
import { at, findText, percentDecoded, type RunFacts } from './facts.ts'
import type { LintFinding } from './finding.ts'
import type { LintSigners } from './signers.ts'

/**
 * Compares a script that authorizes for Azure Cosmos DB with the signer.
 *
 * Source: REST API, "Access control on Azure Cosmos DB resources".
 */
export async function checkCosmos(facts: RunFacts, signers: LintSigners): Promise<LintFinding[] | undefined> {
  const written = findText(
    facts,
    (text) => /^type(?:=|%3d)master(?:&|%26)ver/i.test(text) && /%3d/i.test(text),
  )
  if (!written) return undefined
  const { sent } = facts
  if (!sent) return []
  const findings: LintFinding[] = []
  const payload = findText(facts, (text) => /^[a-z]+\n[a-z]*\n.*\n.*\n\n$/.test(text))
  const method = payload?.text.split('\n')[0]
  if (method !== undefined && method !== sent.method.toLowerCase()) {
    const holder = findText(facts, (text) => text.toLowerCase() === method)
    findings.push({
      rule: 'method-contradicts',
      severity: 'error',
      ...at(facts, holder?.name ?? payload?.name),
      message: `the script signs ${method}, and the request is a ${sent.method}. Take the method from the request: request.method.lower().`,
    })
  }
  const signature = /sig(?:=|%3d)(.*)$/i.exec(percentDecoded(written.text))?.[1]
  const key = payload && findText(facts, (text) => cosmosSignatureBy(text, payload.text) === signature)
  if (findings.length > 0 || !key || !signers.cosmosAuth) return findings
  const prepared = await signRequest(
    { method: sent.method, url: sent.url, headers: [], body: sent.body.length === 0 ? null : sent.body },
    [signers.cosmosAuth({ masterKey: key.text })],
    { clock: () => new Date(facts.now) },
  )
  const expected = prepared.headers.find(([name]) => name === 'authorization')?.[1] ?? ''
  if (percentDecoded(expected) !== percentDecoded(written.text))
    findings.push({
      rule: 'signature-differs',
      severity: 'error',
      ...at(facts, payload?.name),
      message: `the authorization is not the one of @ez/cosmos-auth for ${sent.method} ${new URL(sent.url).pathname} at the same time. Check the resource type and link: for a feed, a creation or a query the link is the parent's, without a slash at either end.`,
    })
  return findings
}

function cosmosSignatureBy(key: string, payload: string): string {
  return createHmac('sha256', Buffer.from(key, 'base64')).update(payload).digest('base64')
}
