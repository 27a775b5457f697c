import {
  type EditableRequest,
  EzError,
  type PairList,
  type ResolvedRequest,
  type ScriptContext,
} from '@ez/core'
import type { Edit, RequestState } from './pool/protocol.ts'
import { hider, refuseHidden, withheldFrom } from './withheld.ts'

/** The request as a script's `request` starts. */
export function requestState(request: EditableRequest, context: ScriptContext): RequestState {
  const hide = hider(context)
  const shown = (list: PairList): [string, string][] =>
    Array.from(list.entries(), ([name, value]) => [hide(name), hide(value)])
  return {
    method: request.method,
    url: hide(request.url),
    headers: shown(request.headers),
    query: shown(request.query),
  }
}

/** Applies what a script did to its `request`, in order. @throws EZ_SECRET_WITHHELD */
export function applyEdits(id: string, edits: readonly Edit[], request: EditableRequest): void {
  refuseHidden(id, edits.flat())
  for (const [place, what = '', name = '', value = ''] of edits) {
    if (place === 'method') request.method = what
    else if (place === 'url') request.url = what
    else if (place === 'body') setBody(what, name, request)
    else if (place === 'header' || place === 'query') {
      const list = place === 'header' ? request.headers : request.query
      if (what === 'set') list.set(name, value)
      else if (what === 'append') list.append(name, value)
      else list.delete(name)
    }
  }
}

function setBody(kind: string, text: string, request: EditableRequest): void {
  if (kind === 'none') request.setBody(null)
  else if (kind === 'bytes') request.setBody({ bytes: new Uint8Array(Buffer.from(text, 'base64')) })
  else if (kind === 'form') request.setBody({ form: JSON.parse(text) as [string, string][] })
  else {
    // Python wrote the JSON: parsed and written again, its long integers would lose digits.
    if (kind === 'json' && request.headers.get('content-type') === null)
      request.headers.set('content-type', 'application/json')
    request.setBody({ text })
  }
}

/**
 * The request in wire form, as `request.resolved()` gives it to a script.
 *
 * @throws EZ_SECRET_WITHHELD for a body that holds what the script may not read
 */
export function resolvedState(
  id: string,
  { method, url, headers, body }: ResolvedRequest,
  context: ScriptContext,
): unknown {
  if (body !== null && !(body instanceof Uint8Array))
    throw new EzError('EZ_SCRIPT_VALUE', 'request.resolved(): a script cannot read a body that is a stream.')
  const hide = hider(context)
  const text = Buffer.from(body ?? []).toString()
  if (hide(text) !== text) throw withheldFrom(id, 'the body')
  return {
    method,
    url: hide(url),
    headers: headers.map(([name, value]) => [name, hide(value)]),
    body: body === null ? null : Buffer.from(body).toString('base64'),
  }
}
