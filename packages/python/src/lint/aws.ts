import { createHash } from 'node:crypto'
import { authorizationHeader, type Claim, expectedAwsSignature } from './aws-signature.ts'
import { at, findText, percentDecoded, type RunFacts, type SentRequest } from './facts.ts'
import type { LintFinding } from './finding.ts'
import type { LintSigners } from './signers.ts'

const methodLine = /^[A-Z]+$/
const headerLine = /^[a-z0-9-]+:/

/** The lines of a canonical request, by what they should be. */
interface Canonical {
  readonly name: string
  readonly lines: readonly string[]
}

/**
 * Compares a script that signs with AWS Signature Version 4 with the signer.
 *
 * Source: AWS IAM User Guide, "Create a signed AWS API request", canonical request.
 */
export async function checkAws(facts: RunFacts, signers: LintSigners): Promise<LintFinding[] | undefined> {
  const authorization = findText(facts, (text) => authorizationHeader.test(text))
  if (!authorization) return undefined
  const [, keyId = '', date = '', region = '', service = '', signed = '', signature = ''] =
    authorizationHeader.exec(authorization.text) ?? []
  const claim: Claim = { keyId, date, region, service, signedHeaders: signed.split(';'), signature }
  const canonical = canonicalOf(facts)
  const sent = facts.sent ?? derivedRequest(facts, canonical)
  const findings = [
    ...(canonical ? checkCanonical(facts, canonical, claim, sent) : []),
    ...checkScope(facts, claim, sent),
  ]
  if (findings.some(({ severity }) => severity === 'error') || !sent || !signers.awsSigV4) return findings
  const expected = await expectedAwsSignature(facts, claim, sent, signers)
  if (expected !== undefined && expected !== signature)
    findings.push({
      rule: 'signature-differs',
      severity: 'error',
      ...at(facts, authorization.name),
      message: `the signature is not the one of @ez/aws-sigv4 for the same request, key and time. Compare the stages with ez explain, or sign with @ez/aws-sigv4.`,
    })
  return findings
}

function canonicalOf(facts: RunFacts): Canonical | undefined {
  const found = findText(facts, (text) => {
    const lines = text.split('\n')
    return (
      lines.length >= 5 &&
      methodLine.test(lines[0] ?? '') &&
      lines.some((line) => line.startsWith('host:')) &&
      /^(?:[0-9a-f]{64}|UNSIGNED-PAYLOAD)$/.test(lines[lines.length - 1] ?? '')
    )
  })
  return found && { name: found.name, lines: found.text.split('\n') }
}

function checkCanonical(
  facts: RunFacts,
  { name, lines }: Canonical,
  claim: Claim,
  sent: SentRequest | undefined,
): LintFinding[] {
  const findings: LintFinding[] = []
  const line = at(facts, name)
  const [method = '', path = '', third = ''] = lines
  const queryMissing = headerLine.test(third)
  if (queryMissing)
    findings.push({
      rule: 'query-line-missing',
      severity: 'error',
      ...line,
      message: `${name} has no line for the query: its third line is the first header. A request without a query still needs the empty line. After the path write + '\\n' + canonical_querystring + '\\n', with canonical_querystring = ''.`,
    })
  if (!sent) return findings
  const url = new URL(sent.url)
  if (method !== sent.method)
    findings.push({
      rule: 'method-contradicts',
      severity: 'error',
      ...at(facts, variableHolding(facts, method) ?? name),
      message: `the script signs ${method}, and the request is a ${sent.method}. Take the method from the request: request.method.`,
    })
  if (path !== url.pathname && percentDecoded(path) !== percentDecoded(url.pathname))
    findings.push({
      rule: 'path-contradicts',
      severity: 'error',
      ...at(facts, variableHolding(facts, path) ?? name),
      message: `the script signs the path ${path}, and the request goes to ${url.pathname}. Use one variable for both.`,
    })
  if (!queryMissing && url.search.length > 1 && third === '')
    findings.push({
      rule: 'query-unsigned',
      severity: 'error',
      ...line,
      message: `the request has a query and the script signs an empty one. Sign every pair, percent-encoded and sorted, as the third line of ${name}.`,
    })
  const host = lines.find((text) => text.startsWith('host:'))?.slice(5)
  if (host !== undefined && host !== url.host)
    findings.push({
      rule: 'host-contradicts',
      severity: 'error',
      ...at(facts, variableHolding(facts, host) ?? name),
      message: `the script signs the host ${host}, and the request goes to ${url.host}. Use one variable for both.`,
    })
  const hash = lines[lines.length - 1] as string
  if (hash !== 'UNSIGNED-PAYLOAD' && hash !== sha256(sent.body))
    findings.push(bodyContradicts(facts, hash, name))
  for (const [sentName] of facts.sent ? sent.headers : [])
    if (sentName.startsWith('x-amz-') && !claim.signedHeaders.includes(sentName))
      findings.push({
        rule: 'header-unsigned',
        severity: 'error',
        ...line,
        message: `the request sends ${sentName}, and the signature does not cover it: every x-amz- header must be in SignedHeaders and in ${name}.`,
      })
  return findings
}

function bodyContradicts(facts: RunFacts, hash: string, name: string): LintFinding {
  const hashed = findText(facts, (text) => sha256(text) === hash)
  return {
    rule: 'body-contradicts',
    severity: 'error',
    ...at(facts, hashed?.name ?? variableHolding(facts, hash) ?? name),
    message: `the script hashes another body than the request sends.${hashed && hashed.text !== '' ? ` Send what it hashed: body: { text: '{%${hashed.name}%}' }.` : ' Hash the bytes that are sent: request.resolved().body.'} Python's json.dumps and other serialisers write the same value in different bytes.`,
  }
}

function checkScope(
  facts: RunFacts,
  { region, service }: Claim,
  sent: SentRequest | undefined,
): LintFinding[] {
  const host = sent && new URL(sent.url).hostname
  const expected = host === undefined ? undefined : regionOf(host)
  if (expected === undefined || expected === region) return []
  return [
    {
      rule: 'region-contradicts',
      severity: 'error',
      ...at(facts, variableHolding(facts, region)),
      message: `the script signs ${service} for ${region}, and ${host} is in ${expected}. Set the region beside the host, as a variable of the environment.`,
    },
  ]
}

// SP-API: developer-docs.amazon.com, "SP-API endpoints"; the others hold their region in the name.
function regionOf(host: string): string | undefined {
  const selling = /^(?:sandbox\.)?sellingpartnerapi-(na|eu|fe)\.amazon\.com$/.exec(host)?.[1]
  if (selling !== undefined) return { na: 'us-east-1', eu: 'eu-west-1', fe: 'us-west-2' }[selling]
  return /(?:^|[.-])([a-z]{2}(?:-[a-z]+)+-\d)\.amazonaws\.com(?:\.cn)?$/.exec(host)?.[1]
}

/** The request that the script's own variables describe. */
function derivedRequest(facts: RunFacts, canonical: Canonical | undefined): SentRequest | undefined {
  if (!canonical) return undefined
  const [method = '', path = ''] = canonical.lines
  const host = canonical.lines.find((text) => text.startsWith('host:'))?.slice(5)
  if (!host || !path.startsWith('/')) return undefined
  const hash = canonical.lines[canonical.lines.length - 1]
  const body = findText(facts, (text) => sha256(text) === hash)?.text ?? ''
  const headers = canonical.lines
    .filter((text) => headerLine.test(text) && !text.startsWith('host:'))
    .map((text): [string, string] => [text.slice(0, text.indexOf(':')), text.slice(text.indexOf(':') + 1)])
  return { method, url: `https://${host}${path}`, headers, body: new TextEncoder().encode(body) }
}

function variableHolding(facts: RunFacts, text: string): string | undefined {
  return findText(facts, (held) => held === text)?.name
}

function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex')
}
