import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { EzError } from '@ez/core'
import { type Forwarded, type ForwardOptions, forward } from './forward.ts'
import { checkOrigin } from './guard.ts'

/** One line of the log. It holds neither query, header nor body: those may be secret. */
export interface LogLine extends Forwarded {
  readonly time: string
  readonly method: string
  readonly milliseconds: number
  readonly code?: string
  readonly message?: string
}

const statuses: Readonly<Record<string, number>> = {
  EZ_PROXY_REFUSED: 403,
  EZ_PROXY_NOT_ALLOWED: 403,
  EZ_PROXY_TOKEN: 401,
  EZ_PROXY_BODY_TOO_LONG: 413,
  EZ_BODY_UNSIGNABLE: 413,
  EZ_PROXY_UPSTREAM: 502,
  EZ_URL_NOT_SENDABLE: 400,
  EZ_URL_INVALID: 400,
  EZ_HEADER_INVALID: 400,
  EZ_HEADER_NOT_SENDABLE: 400,
  EZ_BODY_NOT_SENDABLE: 400,
}

/** The proxy, not listening yet. */
export function createProxy(options: ForwardOptions, log: (line: LogLine) => void): Server {
  const server = createServer((message, response) => {
    void handle(message, response, options, log)
  })
  // A tunnel cannot be signed.
  server.on('connect', (_message, socket) => {
    socket.end('HTTP/1.1 405 Method Not Allowed\r\nconnection: close\r\ncontent-length: 0\r\n\r\n')
  })
  // An upload may take as long as it takes; a connection that sends nothing is still ended by its headers' time.
  server.requestTimeout = 0
  return server
}

async function handle(
  message: IncomingMessage,
  response: ServerResponse,
  options: ForwardOptions,
  log: (line: LogLine) => void,
): Promise<void> {
  const started = performance.now()
  const seen: Forwarded = {}
  let failure: { code: string; message: string } | undefined
  try {
    if (message.url === '/healthz') health(message, response, options)
    else await forward(message, response, options, seen)
  } catch (error) {
    failure = failureOf(error)
    refuse(message, response, failure)
  }
  if (message.url === '/healthz' && !failure) return
  log({
    time: new Date().toISOString(),
    method: message.method ?? '',
    ...seen,
    ...(seen.status === undefined && { status: response.statusCode }),
    milliseconds: Math.round(performance.now() - started),
    ...failure,
  })
}

function health(message: IncomingMessage, response: ServerResponse, { rules }: ForwardOptions): void {
  checkOrigin(message)
  response
    .writeHead(200, { 'content-type': 'application/json' })
    .end(`{"status":"ok","rules":${rules.length}}\n`)
}

function failureOf(error: unknown): { code: string; message: string } {
  if (EzError.isInstance(error)) return { code: error.code, message: error.message }
  return {
    code: 'EZ_PROXY_FAILED',
    message: (error as NodeJS.ErrnoException).code ?? 'The request could not be forwarded.',
  }
}

function refuse(
  message: IncomingMessage,
  response: ServerResponse,
  { code, message: text }: { code: string; message: string },
): void {
  if (response.headersSent) {
    // Half an answer must not look like a whole one.
    response.destroy()
    return
  }
  const body = `${JSON.stringify({ error: { code, message: text } })}\n`
  // What is left of the body is not read: the connection ends with the answer.
  response
    .writeHead(statuses[code] ?? 500, { 'content-type': 'application/json', connection: 'close' })
    .end(body, () => {
      if (!message.complete) message.socket.destroySoon()
    })
}
