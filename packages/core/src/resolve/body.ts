import { encodeRfc3986, utf8 } from '#crypto'
import type { BodyTemplate, TemplateValue } from '../contract/request.ts'
import { type BodyDraft, bytesBody, streamBody, textBody } from '../template/body-draft.ts'
import type { Text, Values } from '../template/text.ts'
import { jsonOf } from '../values/json.ts'
import { pairsOf, scalarText } from '../values/pairs.ts'
import { invalidBody, requireText, wholeBody } from '../wire/body.ts'
import { resolveJson } from './json.ts'
import { binary, multipartBody } from './multipart.ts'
import { resolveText } from './resolve-text.ts'

type Resolve = (text: string, place: string) => Text

const kinds = ['json', 'form', 'multipart', 'text', 'bytes', 'stream']

/** Resolves the body of a template; without values it is literal, as scripts write it. @throws EZ_BODY_INVALID */
export function resolveBody(template: BodyTemplate, values?: Values): BodyDraft {
  checkKind(template)
  const resolve: Resolve = (text, place) => (values ? resolveText(text, place, values) : text)
  if ('json' in template)
    return textBody(
      values ? resolveJson(template.json, values) : jsonOf(template.json, 'body.json'),
      'application/json',
    )
  if ('text' in template)
    return textBody(resolve(requireText(template.text, 'body.text'), 'body.text'), 'text/plain;charset=UTF-8')
  if ('form' in template) return formBody(template.form, resolve, values)
  if ('multipart' in template) return multipartBody(template.multipart, resolve)
  if ('bytes' in template) {
    if (!(template.bytes instanceof Uint8Array)) throw invalidBody('body.bytes', 'it must be a Uint8Array')
    return bytesBody(template.bytes, binary)
  }
  if (typeof template.stream !== 'function')
    throw invalidBody('body.stream', 'it must be a function, so that each attempt reads the stream anew')
  return streamBody((sources) => sources.openStream(template.stream), template.length, binary)
}

function checkKind(template: unknown): void {
  const isObject = typeof template === 'object' && template !== null
  const names = isObject ? Object.keys(template) : []
  // Nearly always.
  if (names.length === 1 && kinds.includes(names[0] as string)) return
  const given = isObject ? kinds.filter((kind) => kind in template) : []
  if (given.length !== 1)
    throw invalidBody(
      'body',
      `it must hold one of ${kinds.join(', ')}${given.length > 1 ? `, and holds ${given.join(' and ')}` : ''}`,
    )
}

function formBody(
  form: Extract<BodyTemplate, { form: unknown }>['form'],
  resolve: Resolve,
  values: Values | undefined,
): BodyDraft {
  const texts: Text[] = []
  for (const [name, value] of pairsOf<TemplateValue>(form, 'body.form')) {
    if (value === undefined) continue
    const place = `body.form.${name}`
    texts.push(
      resolve(name, 'body.form'),
      typeof value === 'string'
        ? resolve(value, place)
        : scalarText(value, place, (secret) => values?.conceal(secret)),
    )
  }
  return {
    texts,
    write: (filled) => {
      // Names and values take turns.
      const pairs = filled.map((text, index) => encodeRfc3986(text) + (index % 2 === 0 ? '=' : '&'))
      return wholeBody(utf8(pairs.join('').slice(0, -1)), 'application/x-www-form-urlencoded')
    },
  }
}
