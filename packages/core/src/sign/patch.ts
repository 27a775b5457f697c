import { EzError } from '../base/error.ts'
import type { Body, Pairs, ResolvedRequest } from '../contract/request.ts'
import type { Signer, SignResult } from '../contract/step.ts'
import { isLength, isStream, unshareBytes } from '../wire/body.ts'
import { wireHeader } from '../wire/headers.ts'
import { appendQuery } from '../wire/query.ts'
import { resolvedRequest } from '../wire/resolved-request.ts'
import { checkBodySendable, checkTogether, dependsOnOthers } from '../wire/sendable.ts'
import { lowerCase } from './declared.ts'

/** What a signer wrote, as it was declared. */
export interface Patch {
  readonly signer: Signer
  readonly headers: Pairs
  readonly query: Pairs
  readonly body?: Body | undefined
  readonly bodyLength?: number | undefined
}

/**
 * Reads the patch of a signer.
 *
 * @throws EZ_WRITE_UNDECLARED for a header, query name or body that the signer did not declare
 * @throws EZ_UNSIGNED for a patch that writes nothing
 * @throws EZ_SIGNER_FAILED for a header that it wrote twice, or a body that is none
 */
export function readPatch(request: ResolvedRequest, signer: Signer, result: SignResult): Patch {
  const { id, writes } = signer
  const { patch } = result
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
  const { query, body, bodyLength } = patch
  return { signer, headers, query, body, bodyLength }
}

/** The request with a patch applied. @throws EZ_HEADER_NOT_SENDABLE for headers that contradict each other or the body */
export function applyPatch(request: ResolvedRequest, patch: Patch): ResolvedRequest {
  const { signer, headers, query, body = request.body } = patch
  const kept = signer.writes.amends
    ? request.headers.filter(([name]) => !headers.some((pair) => pair[0] === name))
    : request.headers
  const merged = Object.freeze(kept.concat(headers))
  const url = query.length === 0 ? request.url : appendQuery(request.url, query)
  const { bodyLength } = patch.body === undefined ? request : patch
  if (patch.body !== undefined || dependsOnOthers(headers))
    checkTogether(request.method, merged, body, bodyLength)
  // Bytes have a length of their own.
  return isStream(body)
    ? resolvedRequest(request.method, url, merged, body, bodyLength)
    : resolvedRequest(request.method, url, merged, body && unshareBytes(body), undefined)
}

const isText = (value: unknown): boolean => typeof value === 'string'

/** @throws EZ_SIGNER_FAILED for what is no result; what is no text in it would break every reading of the trace */
export function checkResult(id: string, result: SignResult): SignResult {
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
      `${id}: sign must return a patch with headers and query, and a trace, all in texts.`,
    )
  return result
}

function undeclared(id: string, what: string): EzError {
  return new EzError(
    'EZ_WRITE_UNDECLARED',
    `${id}: the signer wrote ${what}, which it did not declare in writes.`,
  )
}
