import { STATUS_CODES } from 'node:http'
import { type Body, EzError } from '@ez/core'

/** What an endpoint knows besides the request. */
export interface EndpointContext {
  readonly now: () => Date
  /** What the client called, when the request came another way. */
  readonly url?: string
}

/** A vendor's endpoint: verifies the raw request and answers as the vendor would. */
export interface Endpoint {
  readonly vendor: string
  /** Hosts that it answers for. */
  readonly hosts: readonly string[]
  /** Paths that are its own, where one host serves every vendor. */
  readonly paths: RegExp
  answer(request: Request, context: EndpointContext): Promise<Response>
}

/** A JSON answer as these services write it. */
export function json(status: number, body: unknown, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(body), {
    status,
    statusText: STATUS_CODES[status] ?? '',
    headers: { 'content-type': 'application/json', ...headers },
  })
}

/** The coded reason of a verifier's refusal; anything else is a fault of the endpoint itself. */
export function refusalOf(error: unknown): EzError {
  if (EzError.isInstance(error)) return error
  throw error
}

/** What the verifier computed at a stage, by the id of the stage in a trace. */
export function stageOf(refusal: EzError, id: string): string {
  const stages = refusal.details.stages as Readonly<Record<string, unknown>> | undefined
  const value = stages?.[id]
  return typeof value === 'string' ? value : ''
}

/** A body that was verified, whole: a body signed in chunks comes as a stream that verifies as it is read. */
export async function bytesOf(body: Body | null): Promise<Uint8Array> {
  return body instanceof Uint8Array
    ? body
    : new Uint8Array(await new Response(body as BodyInit).arrayBuffer())
}
