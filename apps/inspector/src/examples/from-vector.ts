import { literal, type RequestValue, requestFileText } from '@ez/request-file'
import { httpText } from '../analysis/copy-as.ts'
import { prepareOwn } from '../analysis/own-request.ts'
import type { Vector, VectorFile } from './vectors.ts'

/** A published case as a request of a request file, with its published key. */
export function requestOf({ use, options }: VectorFile, vector: Vector): RequestValue {
  const { method, url, headers, body } = vector.request
  return {
    name: vector.title,
    method,
    url: literal(url),
    ...(headers.length > 0 && {
      headers: headers.map(([name, value]): [string, string] => [name, literal(value)]),
    }),
    ...(body && { body: body.encoding === 'base64' ? { base64: body.data } : { text: literal(body.data) } }),
    preRequest: [{ use, with: optionsOf(options, vector) }],
  }
}

/** The options of a case, as a request file wants them. */
export function optionsOf(
  more: VectorFile['options'],
  { options }: Vector,
): Readonly<Record<string, unknown>> {
  // The provider for webhooks calls every sender's secret `secret`.
  const { authToken, ...rest } = options
  return { ...more, ...rest, ...(authToken !== undefined && { secret: authToken }) }
}

/** The text of a request file for a case. */
export const fileOf = (file: VectorFile, vector: Vector): string =>
  requestFileText([{ request: requestOf(file, vector), notes: [] }]).replace(
    /^# yaml-language-server.*\n/,
    '',
  )

/** The message that its key signs, as it goes over the wire. */
export async function signedTextOf(
  file: VectorFile,
  vector: Vector,
): Promise<{ text: string; stages: ReadonlyMap<string, string> }> {
  const { now, nonce } = vector.context
  const { prepared } = await prepareOwn(requestOf(file, vector), {
    at: new Date(now),
    ...(nonce !== undefined && { nonce }),
  })
  return { text: httpText(prepared), stages: new Map(prepared.trace.map(({ id, value }) => [id, value])) }
}
