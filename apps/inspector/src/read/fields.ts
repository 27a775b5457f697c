import { readInput } from './read-input.ts'

/** A request as fields of a form. */
export interface Fields {
  readonly method: string
  readonly url: string
  /** A line each: `name: value`. */
  readonly headers: string
  readonly body: string
}

export const noFields: Fields = { method: 'GET', url: '', headers: '', body: '' }

/** The fields of a text, as far as it can be read. */
export function fieldsOf(text: string): Fields {
  try {
    const { request } = readInput(text).imported
    const { method = 'GET', url = '', headers = {}, body } = request
    const pairs = Array.isArray(headers) ? headers : Object.entries(headers)
    return {
      method,
      url,
      headers: pairs.map(([name, value]) => `${name}: ${value}`).join('\n'),
      body: body?.text ?? (body?.json === undefined ? '' : JSON.stringify(body.json)),
    }
  } catch {
    return noFields
  }
}

/** Fields as raw HTTP. */
export function textOfFields({ method, url, headers, body }: Fields): string {
  const head = [
    `${method || 'GET'} ${url} HTTP/1.1`,
    ...headers.split('\n').filter((line) => line.trim() !== ''),
  ]
  return `${head.join('\n')}\n\n${body}`
}
