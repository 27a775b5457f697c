import { textBody } from '../imported/imported-request.ts'
import { asText, type TokenTranslator } from '../imported/tokens.ts'
import type { PartValue, RequestValue } from '../model/request-value.ts'
import type { BrunoBody, Entry } from './shapes.ts'

/** A body, and the type that Bruno sends it with where no header says one. */
export interface ReadBody {
  readonly body?: RequestValue['body']
  readonly contentType?: string
}

const types: Readonly<Record<string, string>> = {
  json: 'application/json',
  text: 'text/plain',
  xml: 'application/xml',
  sparql: 'application/sparql-query',
}

/** Reads a body of Bruno. */
export function readBody(
  given: BrunoBody | undefined,
  translator: TokenTranslator,
  notes: string[],
): ReadBody {
  const { type = 'none', data } = selected(given) ?? {}
  const items = Array.isArray(data) ? (data as readonly Entry[]).filter((entry) => !entry.disabled) : []
  switch (type) {
    case 'json':
    case 'text':
    case 'xml':
    case 'sparql': {
      const contentType = types[type] as string
      const text = asText(data)
      return text === ''
        ? {}
        : { body: textBody(text, contentType, (plain) => translator.text(plain)), contentType }
    }
    case 'form-urlencoded':
      return {
        body: {
          form: items.map(({ name, value }): [string, string] => [
            translator.text(name),
            translator.text(value),
          ]),
        },
      }
    case 'multipart-form':
      return { body: { multipart: items.flatMap((entry) => partsOf(entry, translator)) } }
    case 'file':
      return fileBody(data, notes)
    case 'graphql':
      return { body: { json: graphql(data as Readonly<Record<string, unknown>>, translator) } }
    default:
      return {}
  }
}

// One of several variants is the one that is sent.
function selected(given: BrunoBody | undefined): BrunoBody | undefined {
  if (!Array.isArray(given)) return given
  const variants = given as readonly { readonly selected?: boolean; readonly body?: BrunoBody }[]
  return (variants.find((variant) => variant.selected) ?? variants[0])?.body
}

function partsOf({ name, value, type, contentType }: Entry, translator: TokenTranslator): PartValue[] {
  const common = {
    name: translator.text(name),
    ...(contentType !== undefined && contentType !== '' && { contentType }),
  }
  if (type !== 'file') return [{ ...common, value: translator.text([value].flat()[0]) }]
  return [value].flat().map((file) => ({ ...common, file: asText(file) }))
}

function fileBody(data: unknown, notes: string[]): ReadBody {
  const files = Array.isArray(data) ? (data as readonly Readonly<Record<string, unknown>>[]) : []
  const file = files.find(({ selected: chosen }) => chosen === true) ?? files[0]
  if (!file) {
    notes.push('The request sends a file, and names none.')
    return {}
  }
  const contentType = asText(file.contentType)
  return { body: { file: asText(file.filePath) }, ...(contentType !== '' && { contentType }) }
}

/** A query with its variables, as it is sent. */
export function graphql(data: Readonly<Record<string, unknown>>, translator: TokenTranslator): object {
  const text = asText(data.variables).trim()
  let variables: unknown
  try {
    variables = JSON.parse(text, (_key, value: unknown) =>
      typeof value === 'string' ? translator.text(value) : value,
    )
  } catch {
    variables = undefined
  }
  return { query: translator.text(data.query), ...(variables !== undefined && { variables }) }
}
