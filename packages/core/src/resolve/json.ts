import { memo } from '../base/memo.ts'
import type { Secret } from '../base/secret.ts'
import { mayHoldTokens, parseTemplate } from '../template/parse.ts'
import { type Escape, type Pieces, plain, type Slot, type Text, type Values } from '../template/text.ts'
import { escapeJson, everyPlain, jsonOf, plainJson, serializeJson } from '../values/json.ts'
import { resolvePieces } from './resolve-text.ts'

const inText: Escape = (found, place) => escapeJson(plain(found, place))
const whole: Escape = ({ value }, place) => jsonOf(value, place)

/** A JSON value in pieces: a string that is exactly one token is filled with JSON, any other with text. */
function compile(value: unknown, secret: (value: Secret) => void): Pieces {
  const pieces: (string | Slot)[] = []
  let json = ''
  const add = (piece: string | Slot): void => {
    if (typeof piece === 'string') json += piece
    else {
      pieces.push(json, piece)
      json = ''
    }
  }
  serializeJson(value, 'body.json', {
    raw: add,
    secret,
    string: (text, place, isKey) => {
      const template = parseTemplate(text, place)
      const [only] = template
      if (template.length === 1 && typeof only === 'object' && !isKey)
        return add({ token: only, write: whole, place })
      add('"')
      for (const part of template)
        add(typeof part === 'string' ? escapeJson(part) : { token: part, write: inText, place })
      add('"')
    },
  })
  return [...pieces, json]
}

const compiled = /* @__PURE__ */ memo<Pieces>((text) => compile(JSON.parse(text), () => {}))

/** The pieces of a value that was compiled before, and what it held then: it may hold something else by now. */
const known = new WeakMap<object, { items: readonly unknown[]; pieces: Pieces }>()

function recall(value: object): Pieces | undefined {
  const entry = known.get(value)
  if (!entry) return undefined
  let position = 0
  const same = everyPlain(value, (item) => {
    position += 1
    return item === entry.items[position - 1]
  })
  return same && position === entry.items.length ? entry.pieces : undefined
}

/**
 * Resolves the tokens in the strings and keys of a JSON value, and serialises it.
 *
 * A string that is exactly one token takes the type of its value; a key is always text.
 */
export function resolveJson(value: unknown, values: Values): Text {
  const isObject = typeof value === 'object' && value !== null
  const recalled = isObject ? recall(value) : undefined
  if (recalled) return resolvePieces(recalled, values)
  const text = plainJson(value)
  if (text === undefined)
    return resolvePieces(
      compile(value, (secret) => values.conceal(secret)),
      values,
    )
  if (!mayHoldTokens(text)) return text
  const pieces = compiled(text)
  if (isObject) {
    const items: unknown[] = []
    everyPlain(value, (item) => items.push(item) > 0)
    known.set(value, { items, pieces })
  }
  return resolvePieces(pieces, values)
}
