import { hash, sha256, utf8 } from '#crypto'
import type { Pairs } from '../contract/request.ts'
import { codedError, ensure } from './compare.ts'
import { checkKept, seal } from './seal.ts'
import type { Subject } from './subject.ts'
import { contextOf, requestOf, type Vector } from './vector.ts'

/** Bodies on which signers stumble. */
export const bodySamples: Readonly<Record<string, () => Uint8Array>> = {
  empty: () => new Uint8Array(),
  binary: () => Uint8Array.from({ length: 256 }, (_, byte) => byte),
  'UTF-8': () => utf8('{"city":"Zürich","sign":"✍️","line":"a\u2028b"}'),
  large: () => new Uint8Array(1_048_576).fill(0x5a),
}

/** Signs every kind of body; what is sent is what was given, and the verifier accepts it. */
export async function checkBody(subject: Subject, vector: Vector, kind: string): Promise<void> {
  const body = (bodySamples[kind] as () => Uint8Array)()
  const before = hash(sha256, body, 'hex')
  const method = ['GET', 'HEAD'].includes(vector.request.method) ? 'POST' : vector.request.method
  const given = vector.request.headers.filter(([name]) => name !== 'content-length')
  // A body comes with a type, whether the scheme covers it or not.
  const typed = given.some(([name]) => name === 'content-type')
  const headers: Pairs = typed ? given : [...given, ['content-type', 'application/octet-stream']]
  const prepared = await seal(subject, vector, { method, url: vector.request.url, headers, body })
  ensure(hash(sha256, body, 'hex') === before, `${kind} body: the signer changed it.`)
  checkKept(`${kind} body`, headers, prepared)
  if (subject.signer(vector).writes.body) return
  ensure(
    prepared.body instanceof Uint8Array && hash(sha256, prepared.body, 'hex') === before,
    `${kind} body: another one is sent.`,
  )
  const { verify } = subject.options
  if (!verify) return
  await verify(prepared, vector)
  if (body.length === 0 || !subject.covers(vector, 'body')) return
  const other = Uint8Array.from(body)
  other[other.length - 1] = (other.at(-1) as number) ^ 1
  const refused = await codedError(() => verify({ ...prepared, body: other }, vector), `${kind} body`)
  const isCovered = body.length <= subject.coveredBytes(vector)
  ensure(
    isCovered === (refused !== undefined),
    `${kind} body: another last byte was ${isCovered ? 'accepted' : 'refused, and the signature does not cover it'}.`,
  )
}

/** A body that cannot be read before it is sent must not be taken for an empty one. */
export async function checkStream(subject: Subject, vector: Vector): Promise<void> {
  const signer = subject.signer(vector)
  if (signer.writes.body || !subject.covers(vector, 'body')) return
  const request = { ...requestOf(vector), method: 'POST', body: new ReadableStream<Uint8Array>() }
  const error = await codedError(() => signer.sign(request, contextOf(vector)), 'a stream')
  ensure(
    error?.code === 'EZ_BODY_UNSIGNABLE',
    `a stream: expected EZ_BODY_UNSIGNABLE, and got ${error?.code ?? 'a signature'}.`,
  )
}
