import { fromBase64 } from '@ez/core/crypto'
import type { ReceivedRequest } from '@ez/core/received'
import { refusal } from './refusal.ts'

/** What a signature says of itself. */
export interface Claim {
  readonly label: string
  /** Identifiers as written: `"@method"`, `"@query-param";name="id"`. */
  readonly components: readonly string[]
  /** `("@method");created=1`, byte for byte: it is part of what was signed. */
  readonly parameters: string
  readonly values: ReadonlyMap<string, string | number>
  readonly signature: Uint8Array<ArrayBuffer>
}

const string = String.raw`"(?:[^"\\]|\\["\\])*"`
const parameter = String.raw`;[a-z*][a-z0-9_.*-]*(?:=(?:${string}|-?\d{1,15}|\?[01]))?`
const member = new RegExp(
  String.raw`([a-z*][a-z0-9_.*-]*)=(\(((?: *${string}(?:${parameter})*)*) *\)((?:${parameter})*))(?:[ \t]*,[ \t]*|$)`,
  'y',
)
const value = /([a-z*][a-z0-9_.*-]*)=:([A-Za-z0-9+/=]*):(?:[ \t]*,[ \t]*|$)/y

/**
 * Reads the signature of a label, or the only one.
 *
 * Source: RFC 9421 sections 4.1 and 4.2; RFC 8941.
 *
 * @throws EZ_AUTHORIZATION_MISSING, EZ_AUTHORIZATION_INVALID, EZ_AUTHORIZATION_AMBIGUOUS
 */
export function readClaim(received: ReceivedRequest, wanted: string | undefined): Claim {
  const inputs = members(received.values('signature-input').join(', '), member, 'signature-input')
  const signatures = members(received.values('signature').join(', '), value, 'signature')
  if (inputs.size === 0 || signatures.size === 0)
    throw refusal('EZ_AUTHORIZATION_MISSING', 'there is no signature, or no signature-input.')
  if (wanted === undefined && inputs.size > 1)
    throw refusal('EZ_AUTHORIZATION_AMBIGUOUS', 'there is more than one signature. Give the label.')
  const label = wanted ?? ([...inputs.keys()][0] as string)
  const [input, encoded] = [inputs.get(label), signatures.get(label)?.[2]]
  if (!input || encoded === undefined)
    throw refusal('EZ_AUTHORIZATION_MISSING', `there is no signature ${label}, or no input for it.`)
  const signature = fromBase64(encoded)
  if (!signature) throw refusal('EZ_AUTHORIZATION_INVALID', `the signature ${label} is not base64.`)
  const [, , parameters = '', list = '', rest = ''] = input
  const components = list.match(new RegExp(`${string}(?:${parameter})*`, 'g')) ?? []
  if (new Set(components).size !== components.length)
    throw refusal('EZ_AUTHORIZATION_AMBIGUOUS', 'a component stands twice in signature-input.')
  return { label, components, parameters, values: valuesOf(rest), signature }
}

function members(text: string, pattern: RegExp, header: string): Map<string, RegExpExecArray> {
  const found = new Map<string, RegExpExecArray>()
  pattern.lastIndex = 0
  while (pattern.lastIndex < text.length) {
    const match = pattern.exec(text)
    if (!match) throw refusal('EZ_AUTHORIZATION_INVALID', `the header ${header} cannot be read.`)
    const label = match[1] as string
    if (found.has(label)) throw refusal('EZ_AUTHORIZATION_AMBIGUOUS', `${header} has two members ${label}.`)
    found.set(label, match)
  }
  return found
}

function valuesOf(text: string): Map<string, string | number> {
  const values = new Map<string, string | number>()
  for (const [, name = '', raw = '?1'] of text.matchAll(
    /;([a-z*][a-z0-9_.*-]*)(?:=("(?:[^"\\]|\\.)*"|[^;]+))?/g,
  )) {
    if (values.has(name))
      throw refusal('EZ_AUTHORIZATION_AMBIGUOUS', `signature-input has two parameters ${name}.`)
    values.set(name, raw.startsWith('"') ? raw.slice(1, -1).replace(/\\(.)/g, '$1') : Number(raw) || raw)
  }
  return values
}
