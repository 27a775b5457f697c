import { isPlainJson, jsonOf, quoteJson, serializeJson } from './json.ts'
import { memo } from './memo.ts'
import type { Scope } from './scope.ts'
import { mayHoldTokens, parseTemplate } from './template.ts'
import { type Escape, type Pieces, plain, resolve, type Slot, type Text } from './text.ts'

const inText: Escape = (found, place) => quoteJson(plain(found, place)).slice(1, -1)
const whole: Escape = ({ value }, place) => jsonOf(value, place)

/** A JSON value in pieces: a string that is exactly one token is filled with JSON, any other with text. */
function compile(value: unknown, secret: (text: string) => void): Pieces {
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
        add(typeof part === 'string' ? quoteJson(part).slice(1, -1) : { token: part, write: inText, place })
      add('"')
    },
  })
  return [...pieces, json]
}

const compiled = memo<Pieces>((text) => compile(JSON.parse(text), () => {}))

/**
 * Resolves the tokens in the strings and keys of a JSON value, and serialises it.
 *
 * A string that is exactly one token takes the type of its value; a key is always text.
 */
export function resolveJson(value: unknown, scope: Scope): Text {
  if (!isPlainJson(value))
    return resolve(
      compile(value, (secret) => scope.conceal(secret)),
      scope,
    )
  // What the text says is compiled, not the object, which may be another at the next call.
  const text = JSON.stringify(value)
  return mayHoldTokens(text) ? resolve(compiled(text, undefined), scope) : text
}
