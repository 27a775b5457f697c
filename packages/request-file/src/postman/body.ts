import { pairsValue, textBody } from '../imported/imported-request.ts'
import type { TokenTranslator } from '../imported/tokens.ts'
import type { PartValue, RequestValue } from '../model/request-value.ts'

/** A name and value, as Postman writes them. */
export interface Pair {
  readonly key?: string | null
  readonly value?: string | null
  readonly disabled?: boolean
  readonly type?: string
  readonly src?: string | string[] | null
  readonly contentType?: string
}

/** Postman's `body`. */
export interface PostmanBody {
  readonly mode?: string
  readonly raw?: string
  readonly urlencoded?: readonly Pair[]
  readonly formdata?: readonly Pair[]
  readonly file?: { readonly src?: string }
  readonly graphql?: {
    readonly query?: string
    readonly variables?: string
    readonly operationName?: string | null
  }
  readonly options?: { readonly raw?: { readonly language?: string } }
  readonly disabled?: boolean
}

/** Turns a body into one of ours; what has no counterpart is noted. */
export function readBody(
  body: PostmanBody | null | undefined,
  contentType: string | undefined,
  translator: TokenTranslator,
  notes: string[],
): RequestValue['body'] {
  if (!body || body.disabled) return undefined
  switch (body.mode) {
    case 'raw': {
      const text = body.raw ?? ''
      if (text === '') return undefined
      const kind = contentType ?? impliedContentType(body) ?? 'text/plain'
      return textBody(text, kind, (whole) => translator.text(whole))
    }
    case 'urlencoded':
      return {
        form: pairsValue(
          enabled(body.urlencoded ?? []).map(({ key, value }) => [
            translator.text(key),
            translator.text(value),
          ]),
        ),
      }
    case 'formdata':
      return { multipart: enabled(body.formdata ?? []).flatMap((pair) => parts(pair, translator)) }
    case 'file':
      return { file: body.file?.src ?? './body.bin' }
    case 'graphql':
      return graphqlBody(body.graphql ?? {}, translator)
    default:
      notes.push(`A body of the kind "${body.mode}" has no counterpart here and was left out.`)
      return undefined
  }
}

// A field may hold several files.
function parts({ key, value, type, src, contentType }: Pair, translator: TokenTranslator): PartValue[] {
  const common = { name: translator.text(key), ...(contentType !== undefined && { contentType }) }
  if (type !== 'file') return [{ ...common, value: translator.text(value) }]
  const files = [src ?? []].flat()
  return (files.length === 0 ? ['./file'] : files).map((file) => ({ ...common, file }))
}

function graphqlBody(
  { query = '', variables = '', operationName }: NonNullable<PostmanBody['graphql']>,
  translator: TokenTranslator,
): RequestValue['body'] {
  const named = operationName ? { operationName: translator.text(operationName) } : {}
  const asked = { query: translator.text(query), ...named }
  const text = translator.text(variables).trim()
  if (text === '') return { json: asked }
  try {
    return { json: { ...asked, variables: JSON.parse(text) as unknown } }
  } catch {
    // A token that is no text, as in `{ "n": {{n}} }`: JSON only once it is filled.
    return { text: `${JSON.stringify(asked).slice(0, -1)},"variables":${text}}` }
  }
}

/** The pairs that are switched on. */
export const enabled = (pairs: readonly Pair[]): Pair[] => pairs.filter(({ disabled }) => disabled !== true)

// Postman sends the type of the language that was chosen for a raw body.
const languages: Readonly<Record<string, string>> = {
  html: 'text/html',
  javascript: 'application/javascript',
  json: 'application/json',
  xml: 'application/xml',
}

/** The content type that Postman sends for a raw or GraphQL body without one of its own. */
export function impliedContentType(body: PostmanBody | null | undefined): string | undefined {
  if (body?.mode === 'graphql') return 'application/json'
  return body?.mode === 'raw' ? (languages[body.options?.raw?.language ?? ''] ?? 'text/plain') : undefined
}
