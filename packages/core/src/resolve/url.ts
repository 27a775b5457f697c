import { encodeRfc3986 } from '#crypto'
import { EzError } from '../base/error.ts'
import { memo } from '../base/memo.ts'
import type { Found } from '../template/filters.ts'
import { parseTemplate, type Token } from '../template/parse.ts'
import type { Escape, Pieces, Slot, Text, Values } from '../template/text.ts'
import { textOf } from '../values/json.ts'
import { notAbsolute, splitUrl, wireText } from '../wire/url.ts'
import { resolvePieces } from './resolve-text.ts'

/** A resolved URL: scheme, host and path, and the segments of its own query, still in wire form. */
export interface UrlDraft {
  readonly head: Text
  readonly query: readonly Text[]
}

interface CompiledUrl {
  readonly head: Pieces
  readonly query: readonly Pieces[]
  /** One token that is the whole URL: its value may bring a query. */
  readonly isWhole: boolean
}

const hostPattern = /^[\p{L}\p{N}.-]*(?::\d{1,5})?$/u
const basePattern = /^[a-z][a-z0-9+.-]*:\/\/([^/?#\\]+)(\/[^?#]*)?$/i
const schemePattern = /^https?$/i

const hostRefused = (place: string, problem: string): EzError =>
  new EzError(
    'EZ_URL_HOST',
    `${place}: the value ${problem}. Check the variable: it decides which host is called.`,
  )

const chosenText: Escape = ({ value, fromData }, place) => {
  if (fromData) throw hostRefused(place, 'comes from data, and data may not choose the host')
  return textOf(value, place)
}

const inHost: Escape = (found, place) => {
  const text = chosenText(found, place)
  if (!hostPattern.test(text) || text === '')
    throw hostRefused(place, 'may hold letters, digits, ".", "-" and a port alone')
  return text
}

const atStart: Escape = (found, place) => {
  const text = chosenText(found, place)
  if (schemePattern.test(text)) return text
  const match = basePattern.exec(text)
  if (!match) throw hostRefused(place, 'must be a scheme and a host, perhaps with a port and a path')
  const [, host = '', path = ''] = match
  if (!hostPattern.test(host) && !/^\[[0-9a-f:.]+\](?::\d{1,5})?$/i.test(host))
    throw hostRefused(place, 'may hold letters, digits, ".", "-" and a port alone')
  return text.slice(0, text.length - path.length) + wireText(path, 'path')
}

/** A value that is the whole URL: its query stays as it is; a fragment is not sent. */
const asWholeUrl: Escape = ({ value, fromData }, place) => {
  const [text] = textOf(value, place).split('#', 1) as [string]
  const [base] = text.split('?', 1) as [string]
  return atStart({ value: base, fromData }, place) + wireText(text.slice(base.length), 'query')
}

const asScheme: Escape = (found, place) => {
  const text = atStart(found, place)
  if (text.includes('/')) throw hostRefused(place, 'before "://" must be http or https')
  return text
}

const inPath: Escape = ({ value }, place) => textOf(value, place).split('/').map(encodeRfc3986).join('/')

// A value that begins with a slash ends the host.
const afterHost: Escape = (found, place) =>
  textOf(found.value, place).startsWith('/') ? inPath(found, place) : inHost(found, place)

const inQuery: Escape = ({ value }, place) => encodeRfc3986(textOf(value, place))

// NUL marks where a token stands; the text itself holds it encoded.
const wholeUrl = /^\0\d+\0$/
const structure = /^(?:(\0\d+\0)((?::\/\/)?)|([^/?#\0]*:\/\/))([^/?#]*)([^?#]*)(?:\?([^#]*))?/

/** A URL in pieces; what follows a variable at its start is host or path, by whether the variable's value has a path. */
function compile(text: string, afterBase: 'host' | 'path'): CompiledUrl {
  const tokens: Token[] = []
  let marked = ''
  for (const part of parseTemplate(text, 'url'))
    marked += typeof part === 'string' ? part.replaceAll('\0', '%00') : `\0${tokens.push(part) - 1}\0`
  const match = structure.exec(marked)
  if (!match) throw notAbsolute()
  const [, base, afterToken = '', scheme = '', rest = '', path = '', query = ''] = match
  /** `last` is for a token at the end, with something before it. */
  const piecesOf = (
    section: string,
    write: Escape,
    part?: 'path' | 'query',
    last = write,
  ): (string | Slot)[] =>
    section
      .split('\0')
      .map((piece, index, { length, ...all }) => {
        if (index % 2 === 0) return part ? wireText(piece, part) : piece
        const token = tokens[Number(piece)] as Token
        const name = token.kind === 'variable' ? `url {{${token.name}}}` : `url {%${token.name}%}`
        const isLast = index === length - 2 && all[length - 1] === '' && (index > 1 || all[0] !== '')
        return { token, write: (found: Found) => (isLast ? last : write)(found, name), place: 'url' }
      })
      .filter((piece) => piece !== '')
  const goesOn = base !== undefined && afterToken === ''
  const isWhole = wholeUrl.test(marked)
  return {
    isWhole,
    head: [
      ...piecesOf(base ?? '', isWhole ? asWholeUrl : afterToken === '' ? atStart : asScheme),
      scheme + afterToken,
      // A value with a slash at its start ends the host, where nothing but path and query follow it.
      ...(goesOn
        ? piecesOf(rest, afterBase === 'path' ? inPath : afterHost, 'path')
        : piecesOf(rest, inHost, undefined, afterHost)),
      ...piecesOf(path, inPath, 'path'),
    ],
    query: query
      .split('&')
      .map((segment) => piecesOf(segment, inQuery, 'query'))
      .filter((segment) => segment.length > 0),
  }
}

const hostAfterBase = /* @__PURE__ */ memo<CompiledUrl>((text) => compile(text, 'host'))
const pathAfterBase = /* @__PURE__ */ memo<CompiledUrl>((text) => compile(text, 'path'))

const hasPath = /^[^/]*:\/\/[^/]*\//

/**
 * The output at the start of a URL. When it turns out to have no path, what follows goes on with the host, and is held
 * to the rules for hosts.
 */
function outputAtStart(slot: Slot, text: string, values: Values): Slot {
  try {
    resolvePieces(hostAfterBase(text).head, values)
    return slot
  } catch (fault) {
    return {
      ...slot,
      write: (found, place) => {
        const base = slot.write(found, place)
        if (!hasPath.test(base)) throw fault
        return base
      },
    }
  }
}

/** Resolves the URL of a template, each value escaped for the part it stands in. */
export function resolveUrl(text: string, values: Values): UrlDraft {
  let { head, query, isWhole } = pathAfterBase(text)
  const [first] = head
  if (typeof first === 'object') {
    const base = resolvePieces([first], values)
    if (typeof base !== 'string') head = [outputAtStart(first, text, values), ...head.slice(1)]
    // It is empty while the variable is missing, or being fetched.
    else if (base !== '' && !hasPath.test(base)) ({ head, query, isWhole } = hostAfterBase(text))
  }
  const resolved = resolvePieces(head, values)
  const segments = query.map((segment) => resolvePieces(segment, values))
  if (!isWhole || typeof resolved !== 'string') return { head: resolved, query: segments }
  const { head: known, query: own } = splitUrl(resolved)
  return { head: known, query: own.length === 0 ? segments : [...own, ...segments] }
}
