import type { EzError } from '../base/error.ts'
import { Secret } from '../base/secret.ts'
import { Mask } from '../masking/mask.ts'
import { codedError, ensure } from './compare.ts'
import { seal } from './seal.ts'
import { type Subject, valueAt, withValue } from './subject.ts'
import { requestOf, type Vector } from './vector.ts'

/** A credential that is missing or empty is refused when the signer is created, and the error shows no other. */
export async function checkMissing(subject: Subject, vector: Vector, path: string): Promise<void> {
  for (const value of [undefined, '']) {
    const error = await codedError(() => subject.create(withValue(vector.options, path, value)), path)
    const state = value === undefined ? 'missing' : 'empty'
    ensure(
      error?.code === 'EZ_CREDENTIAL_MISSING',
      `${path} ${state}: expected EZ_CREDENTIAL_MISSING, and got ${error?.code ?? 'a signer'}.`,
    )
    checkShown(textOf(error), secretsOf(subject, vector), `the error for ${path} ${state}`)
  }
}

/** A credential marked secret signs as the plain text does. */
export async function checkMarked(subject: Subject, vector: Vector, path: string): Promise<void> {
  const value = valueAt(vector.options, path)
  if (typeof value !== 'string') return
  const marked = { ...vector, options: withValue(vector.options, path, new Secret(value)) }
  const stages = async (of: Vector): Promise<string> =>
    JSON.stringify((await subject.sign(of)).trace.filter(({ id }) => id !== 'signature'))
  ensure(
    (await stages(vector)) === (await stages(marked)),
    `${path}: the same value, marked secret, signs otherwise.`,
  )
}

/** No secret stands in trace, JSON, masked cURL or an error. */
export async function checkSecrecy(subject: Subject, vector: Vector): Promise<void> {
  const secrets = secretsOf(subject, vector)
  const prepared = await seal(subject, vector)
  checkShown(JSON.stringify(prepared.trace), secrets, 'the trace')
  checkShown(JSON.stringify(prepared.toJSON()), secrets, 'toJSON()')
  checkShown(prepared.toCurl({ mask: true }), secrets, 'toCurl({ mask: true })')
  const signer = subject.signer(vector)
  const broken = { ...requestOf(vector), body: new ReadableStream<Uint8Array>() }
  let asked = false
  const failing = {
    now(): Date {
      asked = true
      return new Date(Number.NaN)
    },
    nonce: (): string => '',
  }
  for (const [request, context] of [
    [broken, failing],
    [requestOf(vector), failing],
  ] as const) {
    const error: EzError | undefined = await codedError(() => signer.sign(request, context), vector.title)
    ensure(error !== undefined || !asked, `${vector.title}: it signed with a clock that gives no instant.`)
    if (error) checkShown(textOf(error), secrets, 'an error of sign()')
  }
}

function secretsOf(subject: Subject, { options }: Vector): string[] {
  return subject.secrets
    .map((path) => valueAt(options, path))
    .filter((value): value is string => typeof value === 'string')
}

/** All that a log shows of an error. */
function textOf(error: EzError): string {
  const { message, details, cause } = error
  const causes: string[] = []
  for (let one: unknown = cause; one !== undefined && causes.length < 9; one = (one as Error | null)?.cause)
    causes.push(String(one))
  return [message, JSON.stringify(details), ...causes].join(' ')
}

function checkShown(text: string, secrets: readonly string[], where: string): void {
  ensure(new Mask(secrets).apply(text) === text, `A secret stands in ${where}.`)
}
