import { EzError } from '../base/error.ts'
import type { Pairs, ResolvedRequest } from '../contract/request.ts'
import type { Signer, SignResult } from '../contract/step.ts'
import type { Mask } from '../masking/mask.ts'
import type { Recorder } from '../trace/recorder.ts'
import { maskHeader, maskInQuery } from '../trace/show.ts'
import { isLength, isStream, unshareBytes } from '../wire/body.ts'
import { wireHeader } from '../wire/headers.ts'
import { appendQuery } from '../wire/query.ts'
import { resolvedRequest } from '../wire/resolved-request.ts'
import { checkBodySendable, checkTogether, dependsOnOthers } from '../wire/sendable.ts'

/** What a signer wrote, so that no later one undoes it unnoticed. */
export interface AppliedPatch {
  readonly signer: Signer
  readonly headers: Pairs
  readonly query: Pairs
}

const declarations = new WeakMap<readonly string[], readonly string[]>()

/** The header names that a signer declares, in lower case. */
export function lowerCase(declared: readonly string[]): readonly string[] {
  const known = declarations.get(declared)
  if (known) return known
  const names = declared.map((name) => name.toLowerCase())
  declarations.set(declared, names)
  return names
}

/**
 * Applies a signer's patch.
 *
 * @throws EZ_WRITE_UNDECLARED for a header, query name or body that the signer did not declare
 * @throws EZ_UNSIGNED for a patch that writes nothing
 */
export function applyPatch(
  request: ResolvedRequest,
  signer: Signer,
  result: SignResult,
  applied: AppliedPatch[],
  recorder: Recorder,
): ResolvedRequest {
  const { id, writes } = signer
  const { patch } = checkResult(id, result)
  const names = lowerCase(writes.headers)
  const amends = writes.amends && lowerCase(writes.amends)
  const headers: [string, string][] = []
  const refuse = (problem: string): EzError =>
    new EzError('EZ_SIGNER_FAILED', `${id}: the signer ${problem}.`)
  for (const name of Object.keys(patch.headers)) {
    const pair = wireHeader(name, patch.headers[name] as string)
    if (!names.includes(pair[0]) && !amends?.includes(pair[0])) throw undeclared(id, `the header ${pair[0]}`)
    if (headers.some(([known]) => known === pair[0])) throw refuse(`wrote the header ${pair[0]} twice`)
    headers.push(Object.freeze(pair) as [string, string])
  }
  for (const [name] of patch.query)
    if (!writes.query.includes(name)) throw undeclared(id, `the query name ${name}`)
  if (patch.body !== undefined) {
    if (!writes.body) throw undeclared(id, 'the body')
    if (!(patch.body instanceof Uint8Array) && !isStream(patch.body))
      throw refuse('wrote a body that is neither bytes nor a stream')
    if (!isLength(patch.bodyLength)) throw refuse('wrote a bodyLength that is no number of bytes')
    checkBodySendable(request.method)
  }
  if (headers.length === 0 && patch.query.length === 0 && patch.body === undefined)
    throw new EzError('EZ_UNSIGNED', `${id}: the signer wrote nothing. The request would go out unsigned.`)

  applied.push({ signer, headers, query: patch.query })
  const kept = amends
    ? request.headers.filter(([name]) => !headers.some((pair) => pair[0] === name))
    : request.headers
  const merged = Object.freeze(kept.concat(headers))
  const url = patch.query.length === 0 ? request.url : appendQuery(request.url, patch.query)
  const { body = request.body } = patch
  const { bodyLength } = patch.body === undefined ? request : patch
  if (patch.body !== undefined || dependsOnOthers(headers))
    checkTogether(request.method, merged, body, bodyLength)
  // Bytes have a length of their own.
  const signed = isStream(body)
    ? resolvedRequest(request.method, url, merged, body, bodyLength)
    : resolvedRequest(request.method, url, merged, body && unshareBytes(body), undefined)
  recorder.concealRequest(signed)
  for (const value of result.secrets ?? []) recorder.conceal(value)
  for (const stage of result.trace) recorder.add(id, stage.id, stage.value)
  recorder.add(id, 'patch', (mask) => describePatch(headers, patch.query, mask))
  return signed
}

/** The same request with another URL and other headers. */
export function withTarget(
  { method, body, bodyLength }: ResolvedRequest,
  url: string,
  headers: Pairs,
): ResolvedRequest {
  return resolvedRequest(method, url, headers, body, bodyLength)
}

const isText = (value: unknown): boolean => typeof value === 'string'

// What is no text would break every reading of the trace.
function checkResult(id: string, result: SignResult): SignResult {
  const { patch, trace, secrets = [] } = result ?? {}
  if (
    typeof patch?.headers !== 'object' ||
    patch.headers === null ||
    !Array.isArray(patch.query) ||
    !patch.query.every((pair) => Array.isArray(pair) && pair.length === 2 && pair.every(isText)) ||
    !Array.isArray(trace) ||
    !trace.every((stage) => isText(stage?.id) && isText(stage.value)) ||
    !Array.isArray(secrets) ||
    !secrets.every(isText)
  )
    throw new EzError(
      'EZ_SIGNER_FAILED',
      `${id}: sign returned no patch with headers and query, no trace, or in one of them what is no text.`,
    )
  return result
}

function describePatch(headers: Pairs, query: Pairs, mask: Mask): string {
  return [
    ...headers.map(([name, value]) => `${name}: ${maskHeader(name, value, mask)}`),
    ...query.map(([name, value]) => `?${name}=${maskInQuery(name, value, mask)}`),
  ].join('\n')
}

function undeclared(id: string, what: string): EzError {
  return new EzError(
    'EZ_WRITE_UNDECLARED',
    `${id}: the signer wrote ${what}, which it did not declare in writes.`,
  )
}
