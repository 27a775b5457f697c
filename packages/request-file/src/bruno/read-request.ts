import { type ImportedRequest, pairsValue } from '../imported/imported-request.ts'
import { asText, TokenTranslator } from '../imported/tokens.ts'
import type { RequestValue, StepValue } from '../model/request-value.ts'
import { readAuth } from './auth.ts'
import { readBody } from './body.ts'
import type { BrunoAuth, BrunoDefaults, BrunoRequest, Entry } from './shapes.ts'

const enabled = (entries: readonly Entry[] | undefined): Entry[] =>
  (entries ?? []).filter(({ disabled, name }) => !disabled && name !== undefined && name !== '')

/** A request with what its folders and its collection set, the outermost first; `undefined` for another protocol. */
export function readRequest(
  given: BrunoRequest,
  around: readonly BrunoDefaults[],
  folder: string,
): ImportedRequest {
  const translator = new TokenTranslator()
  const notes: string[] = []
  const layers = [...around, given]
  const signing = readAuth(authOf(given.auth, around), translator)
  const signed = new Set(signing.headers.map(([name]) => name.toLowerCase()))
  // What is nearer replaces a header of its name.
  const headers = new Map<string, [string, string]>()
  for (const layer of layers)
    for (const { name, value } of enabled(layer.headers)) {
      const key = translator.text(name)
      headers.set(key.toLowerCase(), [key, translator.text(value)])
    }
  const { body, contentType } = readBody(given.body, translator, notes)
  const isMultipart = body !== undefined && 'multipart' in body
  if (contentType !== undefined && !headers.has('content-type') && !(body && 'json' in body))
    headers.set('content-type', ['content-type', contentType])
  const sent = [
    ...[...headers].filter(([name]) => !signed.has(name) && !(isMultipart && name === 'content-type')),
  ].map(([, pair]) => pair)
  const variables = Object.fromEntries(
    layers.flatMap((layer) =>
      enabled(layer.variables).map(({ name, value }) => [
        translator.name(asText(name)),
        translator.text(variableText(value)),
      ]),
    ),
  )
  const steps: StepValue[] = [...scriptStep(layers, notes), ...signing.steps]
  const allHeaders = [...sent, ...signing.headers]
  const status = statusOf(given, notes)
  const request: RequestValue = {
    name: `${folder}${given.name}`,
    method: given.method ?? 'GET',
    url: urlOf(given, translator),
    ...(signing.query.length > 0 && { query: pairsValue(signing.query) }),
    ...(allHeaders.length > 0 && { headers: pairsValue(allHeaders) }),
    ...(body && { body }),
    ...(steps.length > 0 && { preRequest: steps }),
    ...(Object.keys(variables).length > 0 && { variables }),
    ...(status !== undefined && { expect: { status } }),
  }
  return {
    request,
    notes: [
      ...notes,
      ...signing.notes,
      ...translator.notes,
      ...[...translator.renamed].map(
        ([own, original]) => `The variable "${original}" is called ${own} here.`,
      ),
    ],
    ...(Object.keys(signing.credentials).length > 0 && { credentials: signing.credentials }),
  }
}

// `inherit` goes outwards until somebody says something else.
function authOf(own: BrunoAuth | undefined, around: readonly BrunoDefaults[]): BrunoAuth | undefined {
  if (own !== 'inherit') return own
  return around.map(({ auth }) => auth).findLast((auth) => auth !== undefined && auth !== 'inherit')
}

function scriptStep(layers: readonly BrunoDefaults[], notes: string[]): StepValue[] {
  const kinds = new Set(layers.flatMap(({ scripts = [] }) => scripts.map(({ type }) => type)))
  if (kinds.has('after-response') || kinds.has('tests'))
    notes.push(
      'Scripts and tests that run after the request were left out: write what the answer must be like under expect.',
    )
  if (!kinds.has('before-request')) return []
  return [
    {
      blocked:
        'A script of the collection runs before this request, and may change it. Do its work in a script of your own (script: ./….js), or remove this entry.',
    },
  ]
}

function statusOf({ assertions = [] }: BrunoRequest, notes: string[]): number | undefined {
  let status: number | undefined
  for (const { expression = '', operator, value, disabled } of assertions) {
    if (disabled) continue
    if (expression === 'res.status' && operator === 'eq' && /^\d{3}$/.test(asText(value)))
      status = Number(value)
    else
      notes.push(
        `The assertion "${`${expression} ${operator} ${asText(value)}`.trim()}" was left out: write it under expect.`,
      )
  }
  return status
}

function urlOf({ url = '', params }: BrunoRequest, translator: TokenTranslator): string {
  const values = new Map(enabled(params).map(({ name, value, type }) => [`${type}:${name}`, asText(value)]))
  const filled = url.replace(
    /\/:([A-Za-z_][\w-]*)/g,
    (_whole, name: string) => `/${values.get(`path:${name}`) || `{{${name}}}`}`,
  )
  const query = enabled(params)
    .filter(({ type }) => type === 'query')
    .map(({ name, value }) => `${asText(name)}=${asText(value)}`)
    .join('&')
  const whole = filled.includes('?') || query === '' ? filled : `${filled}?${query}`
  const text = translator.text(whole)
  // Bruno sends to http where no scheme is written.
  return /^(?:[a-z][a-z0-9+.-]*:\/\/|\{\{|$)/i.test(text) ? text : `http://${text}`
}

/** The value of a variable: a text, one with its type, or the one of several that is chosen. */
export function variableText(value: unknown): string {
  if (Array.isArray(value)) {
    const variants = value as readonly { readonly selected?: boolean; readonly value?: unknown }[]
    return variableText((variants.find(({ selected }) => selected) ?? variants[0])?.value)
  }
  return typeof value === 'object' && value !== null
    ? asText((value as { data?: unknown }).data)
    : asText(value)
}
