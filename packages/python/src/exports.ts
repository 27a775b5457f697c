import { type EditableRequest, EzError, nearest, type ScriptContext } from '@ez/core'
import type { Encoded, Result } from './pool/protocol.ts'

/** Where a variable of the script goes. */
export type Target =
  | { readonly kind: 'header' | 'query' | 'output'; readonly name: string }
  | { readonly kind: 'method' | 'url' | 'body' }

/** One entry of `exports`. */
export interface Export {
  readonly target: Target
  /** As written: `header.Authorization`. */
  readonly written: string
  readonly variable: string
}

const identifier = /^[\p{L}_][\p{L}\p{N}_]*$/u

/** Reads the option `exports`. @throws EZ_OPTION_INVALID */
export function parseExports(id: string, exports: Readonly<Record<string, string>>): Export[] {
  return Object.entries(exports).map(([written, variable]) => {
    if (typeof variable !== 'string' || !identifier.test(variable))
      throw new EzError(
        'EZ_OPTION_INVALID',
        `${id}: exports[${JSON.stringify(written)}] must name a variable of the script.`,
      )
    return { target: targetOf(id, written), written, variable }
  })
}

function targetOf(id: string, written: string): Target {
  if (written === 'method' || written === 'url' || written === 'body') return { kind: written }
  const dot = written.indexOf('.')
  const place = written.slice(0, Math.max(0, dot))
  const name = written.slice(dot + 1)
  if ((place === 'header' || place === 'query') && name !== '') return { kind: place, name }
  if (dot < 0 && written !== '') return { kind: 'output', name: written }
  throw new EzError(
    'EZ_OPTION_INVALID',
    `${id}: exports has no place ${JSON.stringify(written)}. Known: header.<name>, query.<name>, method, url, body, or the name of an output.`,
  )
}

/** Writes what `exports` names, and publishes what the template or a later script waits for. */
export function deliver(
  id: string,
  { values = {}, names = [] }: Result,
  exports: readonly Export[],
  request: EditableRequest,
  context: ScriptContext,
): void {
  for (const { target, written, variable } of exports) {
    const encoded = Object.hasOwn(values, variable) ? values[variable] : undefined
    if (encoded === undefined) {
      const close = nearest(variable, names)
      throw new EzError(
        'EZ_SCRIPT_VALUE',
        `${id}: exports["${written}"] names ${variable}, and the script has no such variable at its end.${close ? ` Did you mean ${close}?` : ''}`,
      )
    }
    write(target, encoded, request, context, () => cannotLeave(id, variable, encoded))
  }
  const exported = new Set(exports.flatMap(({ target }) => (target.kind === 'output' ? [target.name] : [])))
  for (const name of context.wanted) {
    const encoded = Object.hasOwn(values, name) ? values[name] : undefined
    if (encoded === undefined || exported.has(name)) continue
    const value = encoded[0] === 'bytes' ? undefined : leavingValue(encoded)
    if (value !== undefined) context.publish(name, value)
    // A built-in such as {%now%} stays what it is; anything else would be missing without a reason.
    else if (context.runtime(name) === undefined) throw cannotLeave(id, name, encoded)
  }
}

function write(
  target: Target,
  encoded: Encoded,
  request: EditableRequest,
  context: ScriptContext,
  unfitting: () => EzError,
): void {
  const value = leavingValue(encoded)
  if (value === undefined) throw unfitting()
  if (target.kind === 'output') context.publish(target.name, value)
  else if (target.kind === 'header') request.headers.set(target.name, String(value))
  else if (target.kind === 'query') request.query.set(target.name, String(value))
  else if (target.kind === 'body')
    request.setBody(
      encoded[0] === 'bytes'
        ? { bytes: new Uint8Array(Buffer.from(encoded[1], 'base64')) }
        : { text: String(value) },
    )
  else request[target.kind] = String(value)
}

/** A value of the script; `undefined` for one that cannot leave it. */
function leavingValue([kind, text]: Encoded): string | number | bigint | boolean | undefined {
  switch (kind) {
    case 'str':
    case 'bytes':
      return text
    case 'bool':
      return text === 'true'
    case 'int': {
      const number = Number(text)
      return Number.isSafeInteger(number) ? number : BigInt(text)
    }
    case 'float': {
      const number = Number(text)
      return Number.isFinite(number) ? number : undefined
    }
    default:
      return undefined
  }
}

function cannotLeave(id: string, name: string, [kind, text]: Encoded): EzError {
  const shown = kind === 'float' ? text : kind === 'other' ? `of type ${text.slice(0, 100)}` : kind
  return new EzError(
    'EZ_SCRIPT_VALUE',
    `${id}: the variable ${name} is ${shown}. str, int, float and bool can leave a script; bytes can through exports, as base64. Turn it into text, as with json.dumps.`,
  )
}
