import { encodeRfc3986 } from '@ez/core/crypto'
import type { Attempt } from './attempt.ts'
import { EzError } from './error.ts'
import { readOnly } from './freeze.ts'
import { wireHeader } from './headers.ts'
import { mark, sensitiveHeaders } from './mask.ts'
import { decodePair } from './pair-list.ts'
import type { Recorder } from './recorder.ts'
import type { Pairs, ResolvedRequest } from './request.ts'
import { runSigner } from './run.ts'
import type { Signer, SignResult } from './step.ts'

/** What earlier signers wrote, so that none undoes another unnoticed. */
interface Written {
  readonly headers: Map<string, string>
  last: string | undefined
}

/** Signs a request with one signer after the other. @throws EZ_WRITE_CONFLICT, EZ_WRITE_UNDECLARED, EZ_UNSIGNED */
export async function signAll(
  frozen: ResolvedRequest,
  signers: readonly Signer[],
  attempt: Attempt,
): Promise<ResolvedRequest> {
  const { recorder } = attempt
  const written: Written = { headers: new Map(), last: undefined }
  let request = frozen
  for (const signer of signers) {
    const began = recorder.live ? performance.now() : 0
    checkConflict(signer, written)
    const input = withoutDeclared(request, signer)
    const result = runSigner(signer, input, attempt)
    request = applyPatch(input, signer, result instanceof Promise ? await result : result, written, recorder)
    if (recorder.live) recorder.tell(signer.id, 'duration-ms', (performance.now() - began).toFixed(3))
  }
  return request
}

const declarations = new WeakMap<Signer, readonly string[]>()

/** The header names that a signer declares, in lower case. */
function declaredHeaders(signer: Signer): readonly string[] {
  const known = declarations.get(signer)
  if (known) return known
  const names = signer.writes.headers.map((name) => name.toLowerCase())
  declarations.set(signer, names)
  return names
}

/** The request without the headers and query names that a signer declares, so that signing again signs what is sent. */
function withoutDeclared(request: ResolvedRequest, signer: Signer): ResolvedRequest {
  const { writes } = signer
  const names = declaredHeaders(signer)
  const headers = request.headers.some(([name]) => names.includes(name))
    ? Object.freeze(request.headers.filter(([name]) => !names.includes(name)))
    : request.headers
  const url = writes.query.length === 0 ? request.url : withoutQuery(request.url, writes.query)
  return headers === request.headers && url === request.url ? request : changed(request, url, headers)
}

function withoutQuery(url: string, names: readonly string[]): string {
  const question = url.indexOf('?')
  if (question < 0) return url
  const kept = url
    .slice(question + 1)
    .split('&')
    .filter((segment) => !names.includes(decodePair(segment)[0]))
  return kept.length === 0 ? url.slice(0, question) : `${url.slice(0, question)}?${kept.join('&')}`
}

/** @throws EZ_WRITE_CONFLICT when a signer would undo or falsify what an earlier one signed */
function checkConflict(signer: Signer, written: Written): void {
  if (written.last === undefined || signer.replaces) return
  const header = declaredHeaders(signer).find((name) => written.headers.has(name))
  const other = header === undefined ? written.last : written.headers.get(header)
  const what =
    header !== undefined
      ? `the header ${header}`
      : signer.writes.body
        ? 'the body'
        : signer.writes.query.length > 0
          ? 'the query'
          : undefined
  if (what !== undefined)
    throw new EzError(
      'EZ_WRITE_CONFLICT',
      `${signer.id}: it writes ${what}, which ${other} has signed or written. Use one of them, or replacing(…).`,
    )
}

/**
 * Applies a signer's patch.
 *
 * @throws EZ_WRITE_UNDECLARED for a header, query name or body that the signer did not declare
 * @throws EZ_UNSIGNED for a patch that writes nothing
 */
function applyPatch(
  request: ResolvedRequest,
  signer: Signer,
  result: SignResult,
  written: Written,
  recorder: Recorder,
): ResolvedRequest {
  const { id, writes } = signer
  const patch = result?.patch
  if (typeof patch?.headers !== 'object' || !Array.isArray(patch.query) || !Array.isArray(result.trace))
    throw new EzError(
      'EZ_SIGNER_FAILED',
      `${id}: sign returned no patch with headers and query, or no trace.`,
    )
  const names = declaredHeaders(signer)
  const headers: [string, string][] = []
  for (const [name, value] of Object.entries(patch.headers)) {
    const pair = wireHeader(name, value)
    if (!names.includes(pair[0]) && !writes.amends?.includes(pair[0]))
      throw undeclared(id, `the header ${pair[0]}`)
    headers.push(Object.freeze(pair) as [string, string])
    written.headers.set(pair[0], id)
  }
  for (const [name, value] of patch.query) {
    if (typeof value !== 'string')
      throw new EzError(
        'EZ_SIGNER_FAILED',
        `${id}: the signer wrote a query value that is no text (${name}).`,
      )
    if (!writes.query.includes(name)) throw undeclared(id, `the query name ${name}`)
  }
  if (patch.body !== undefined && !writes.body) throw undeclared(id, 'the body')
  if (headers.length === 0 && patch.query.length === 0 && patch.body === undefined)
    throw new EzError('EZ_UNSIGNED', `${id}: the signer wrote nothing. The request would go out unsigned.`)

  for (const value of result.secrets ?? []) recorder.masked.add(value)
  for (const stage of result.trace) recorder.add(id, stage.id, stage.value)
  recorder.add(id, 'patch', (mask) => mask.apply(showPatch(headers, patch.query)))
  written.last = id

  const kept = writes.amends
    ? request.headers.filter(([name]) => !headers.some((pair) => pair[0] === name))
    : request.headers
  const merged = Object.freeze(kept.concat(headers))
  const url = patch.query.length === 0 ? request.url : appendQuery(request.url, patch.query)
  return patch.body === undefined
    ? changed(request, url, merged)
    : readOnly(request.method, url, merged, patch.body, patch.bodyLength)
}

/** The same request with another URL and other headers. */
function changed(
  { method, body, bodyLength }: ResolvedRequest,
  url: string,
  headers: Pairs,
): ResolvedRequest {
  return readOnly(method, url, headers, body, bodyLength)
}

function appendQuery(url: string, query: Pairs): string {
  const added = query.map(([name, value]) => `${encodeRfc3986(name)}=${encodeRfc3986(value)}`).join('&')
  return `${url}${url.includes('?') ? '&' : '?'}${added}`
}

function showPatch(headers: Pairs, query: Pairs): string {
  return [
    ...headers.map(([name, value]) => `${name}: ${sensitiveHeaders.has(name) ? mark : value}`),
    ...query.map(([name, value]) => `?${name}=${/^x-amz-signature$/i.test(name) ? mark : value}`),
  ].join('\n')
}

function undeclared(id: string, what: string): EzError {
  return new EzError(
    'EZ_WRITE_UNDECLARED',
    `${id}: the signer wrote ${what}, which it did not declare in writes.`,
  )
}
