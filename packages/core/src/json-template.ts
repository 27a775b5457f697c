import { jsonOf, quoteJson, serializeJson } from './json.ts'
import type { Scope } from './scope.ts'
import { mayHoldTokens, parseTemplate } from './template.ts'
import { addPart, closed, type Escape, type Late, plain, resolveToken, type Text } from './text.ts'

const inText: Escape = (found, place) => quoteJson(plain(found, place)).slice(1, -1)
const whole: Escape = ({ value }, place) => jsonOf(value, place)

/**
 * Resolves the tokens in the strings and keys of a JSON value, and serialises it.
 *
 * A string that is exactly one token takes the type of its value; a key is always text.
 */
export function resolveJson(value: unknown, scope: Scope): Text {
  const parts: (string | Late)[] = []
  let json = ''
  const add = (part: string | Late): void => {
    if (typeof part === 'string') json += part
    else {
      parts.push(json, part)
      json = ''
    }
  }
  const quoted = (text: string, placeOf: () => string): void => {
    if (!mayHoldTokens(text)) {
      json += quoteJson(text)
      return
    }
    const place = placeOf()
    json += '"'
    for (const part of parseTemplate(text, place))
      add(typeof part === 'string' ? quoteJson(part).slice(1, -1) : resolveToken(part, inText, place, scope))
    json += '"'
  }
  serializeJson(value, 'body.json', {
    raw: add,
    key: quoted,
    secret: (secret) => scope.conceal(secret),
    text: (text, place) => {
      const template = mayHoldTokens(text) ? parseTemplate(text, place()) : undefined
      const only = template?.length === 1 ? template[0] : undefined
      if (typeof only !== 'object') quoted(text, place)
      // Nothing comes for a value that is missing or still being fetched.
      else add(resolveToken(only, whole, place(), scope) || 'null')
    },
  })
  if (parts.length === 0) return json
  addPart(parts, json)
  return closed(parts)
}
