import { type BodyTemplate, EzError, type RequestTemplate } from '@ez/core'
import { jsonType } from './request-of-template.ts'
import type { WrittenTokens } from './tokens.ts'
import type { PostmanOutcome, PostmanPair, PostmanRequest } from './types.ts'

/** A template with what scripts changed of it; what they left alone stays as it was written. */
export function editedTemplate(
  template: RequestTemplate,
  { original, request }: Pick<PostmanOutcome, 'original' | 'request'>,
  tokens: WrittenTokens,
): RequestTemplate {
  if (original === undefined) return template
  const edited: RequestTemplate = { ...template }
  if (request.method !== original.method) edited.method = tokens.text(request.method)
  if (request.url !== original.url) {
    edited.url = tokens.text(request.url)
    delete edited.query
  }
  if (!isSame(request.header, original.header)) edited.headers = pairsOf(request.header, tokens)
  if (isSame(request.body, original.body)) return edited
  delete edited.body
  if (request.body === undefined) return edited
  // The type that a JSON body brings along.
  if (template.body && 'json' in template.body && !hasType(request.header))
    edited.headers = [...pairsOf(request.header, tokens), jsonType]
  edited.body = bodyOf(request.body, tokens)
  return edited
}

const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other)

const hasType = (header: readonly PostmanPair[]): boolean =>
  header.some(({ key, disabled }) => disabled !== true && key.toLowerCase() === 'content-type')

function pairsOf(pairs: readonly PostmanPair[], tokens: WrittenTokens): [string, string][] {
  return pairs.flatMap(({ key, value, disabled }) =>
    disabled === true ? [] : [[tokens.text(key), tokens.text(String(value ?? ''))]],
  )
}

function bodyOf(body: NonNullable<PostmanRequest['body']>, tokens: WrittenTokens): BodyTemplate {
  switch (body.mode) {
    case 'raw':
      return { text: tokens.text(body.raw ?? '') }
    case 'urlencoded':
      return { form: pairsOf(body.urlencoded ?? [], tokens) }
    case 'formdata':
      return {
        multipart: pairsOf(body.formdata ?? [], tokens).map(([name, value]) => ({ name, value })),
      }
    default:
      throw new EzError(
        'EZ_SCRIPT_VALUE',
        `A Postman script gave the request a body of the mode "${String(body.mode)}". Give it raw, urlencoded or formdata.`,
      )
  }
}
