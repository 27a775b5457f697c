import { joinBytes, type Pairs } from '@ez/core'
import { encodeRfc3986, utf8 } from '@ez/core/crypto'
import { mediaType } from '../compile/condition.ts'
import { parse } from '../compile/json.ts'
import { textOf, unsignable } from '../run/values.ts'

// Names are ASCII; the rest of the body may be anything.
const latin = new TextDecoder('latin1')

/** A form body with more fields at its end. @throws EZ_BODY_UNSIGNABLE when it is no form, or holds one of them */
export function withFields(body: Uint8Array, contentType: string | undefined, added: Pairs): Uint8Array {
  if (mediaType(contentType) !== 'application/x-www-form-urlencoded')
    throw unsignable('fields are to be added, and it is no form. Give it as a form')
  const names = latin
    .decode(body)
    .split('&')
    .map((part) => part.split('=', 1)[0])
  for (const [name] of added)
    if (names.includes(encodeRfc3986(name))) throw unsignable(`it holds the field ${name} already`)
  const written = added.map(([name, value]) => `${encodeRfc3986(name)}=${encodeRfc3986(value)}`)
  return joinBytes([body, utf8((body.length === 0 ? '' : '&') + written.join('&'))])
}

/** A JSON body with more texts, by JSON pointer. @throws EZ_BODY_UNSIGNABLE when it cannot be written anew unchanged */
export function withMembers(body: Uint8Array, added: Pairs): Uint8Array {
  const before = textOf(body)
  const value = parse(before)
  // White space aside, nothing may change: a number that JavaScript cannot hold would.
  const tight = before.replace(/("(?:[^"\\]|\\.)*")|\s+/g, '$1')
  if (JSON.stringify(value) !== tight)
    throw unsignable('texts are to be added to its JSON, and writing it anew would change it')
  for (const [pointer, text] of added) put(value, pointer, text)
  return utf8(JSON.stringify(value))
}

function put(root: unknown, pointer: string, text: string): void {
  const names = pointer.split('/').slice(1)
  let inside = root
  for (const [index, written] of names.entries()) {
    const name = written.replaceAll('~1', '/').replaceAll('~0', '~')
    const isLast = index === names.length - 1
    if (typeof inside !== 'object' || inside === null || Array.isArray(inside))
      throw unsignable(`${pointer} leads to no member of an object`)
    const isThere = Object.hasOwn(inside, name)
    if (isLast && isThere) throw unsignable(`it holds ${pointer} already`)
    const value = isLast ? text : {}
    // Not by assignment: a member may be called __proto__.
    if (!isThere)
      Object.defineProperty(inside, name, { value, enumerable: true, configurable: true, writable: true })
    inside = (inside as Record<string, unknown>)[name]
  }
}
