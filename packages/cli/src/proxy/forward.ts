import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream as NodeStream } from 'node:stream/web'
import { type ConcreteRequest, EzError, type PreparedRequest, signRequest } from '@ez/core'
import { type Dispatcher, request } from 'undici'
import type { Session } from '../session.ts'
import { incomingBody } from './body.ts'
import { hear } from './challenge.ts'
import { admit, checkOrigin } from './guard.ts'
import { forwardedHeaders, returnedHeaders } from './headers.ts'
import { type Rule, ruleFor } from './rules.ts'

/** What forwarding needs. */
export interface ForwardOptions {
  readonly session: Session
  readonly rules: readonly Rule[]
  readonly token: string
  readonly dispatcher: Dispatcher
  readonly bufferBytes: number
  readonly timeoutMs: number
}

/** What is logged of a request. */
export interface Forwarded {
  rule?: string
  host?: string
  path?: string
  status?: number
}

/** Guards, signs and forwards one request, and returns the answer as it comes; redirects too. */
export async function forward(
  message: IncomingMessage,
  response: ServerResponse,
  options: ForwardOptions,
  seen: Forwarded,
): Promise<void> {
  checkOrigin(message)
  const admitted = admit(message, options.token)
  const method = (message.method ?? 'GET').toUpperCase()
  seen.host = admitted.host
  const rule = ruleFor(options.rules, { method, host: admitted.host, path: admitted.path })
  seen.path = admitted.path
  seen.rule = rule.name
  const gone = new AbortController()
  response.once('close', () => {
    if (!response.writableFinished) gone.abort()
  })
  const { host, path, search } = admitted
  const request = {
    method,
    url: `${rule.scheme}://${host}${path}${search}`,
    headers: forwardedHeaders(message.rawHeaders),
    ...(await incomingBody(message, rule.body, options.bufferBytes)),
  }
  const { answer, body } = await signAndSend(request, rule, options, gone.signal)
  seen.status = answer.statusCode
  response.writeHead(answer.statusCode, returnedHeaders(answer.headers as unknown as string[]))
  await pipeline(body, response)
}

async function signAndSend(
  request: ConcreteRequest,
  rule: Rule,
  options: ForwardOptions,
  signal: AbortSignal,
): Promise<{ answer: Dispatcher.ResponseData; body: AsyncIterable<Uint8Array> }> {
  const { session } = options
  const { template, context } = await session.ready(rule.request, { signal, fetch: session.fetch })
  const steps = template.preRequest ?? []
  // Nothing in what a client sends is a token: signRequest, never prepare.
  const prepared = await signRequest(request, steps, context)
  const answer = await send(prepared, options, signal)
  const { challenged, body } = await hear(steps, prepared, answer)
  // A stream has gone by: the client gets the refusal, and its next request what was learned.
  if (!challenged || request.body instanceof ReadableStream) return { answer, body }
  await answer.body.dump()
  const again = await send(await signRequest(request, steps, context), options, signal)
  return { answer: again, body: again.body }
}

async function send(
  prepared: PreparedRequest,
  options: ForwardOptions,
  signal: AbortSignal,
): Promise<Dispatcher.ResponseData> {
  const { body, bodyLength } = prepared
  const named = prepared.headers.some(([name]) => name === 'content-length')
  const headers = [
    ...prepared.headers,
    ...(bodyLength !== undefined && !named ? [['content-length', String(bodyLength)] as const] : []),
  ]
  try {
    return await request(prepared.url, {
      method: prepared.method as Dispatcher.HttpMethod,
      headers: headers.flat(),
      body:
        body === null || body instanceof Uint8Array ? body : Readable.fromWeb(body as unknown as NodeStream),
      dispatcher: options.dispatcher,
      headersTimeout: options.timeoutMs,
      bodyTimeout: options.timeoutMs,
      signal,
      responseHeaders: 'raw',
    })
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? (cause as Error).name
    throw new EzError('EZ_PROXY_UPSTREAM', `${new URL(prepared.url).host}: no answer (${code}).`, { cause })
  }
}
