import { randomBytes } from 'node:crypto'
import { chmodSync, rmSync } from 'node:fs'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { EzError } from '@ez/core'
import { printableJson } from '../output/printable.ts'
import { tokenHeader } from '../proxy/guard.ts'
import { readRules } from '../proxy/rules.ts'
import { createProxy, type LogLine } from '../proxy/server.ts'
import { createDispatcher, type TransportFlags } from '../send/transport.ts'
import { type CommonFlags, Session } from '../session.ts'

export interface ProxyFlags extends CommonFlags, TransportFlags {
  readonly port: number
  readonly socket?: string
  readonly bufferBytes: number
  readonly timeout: number
}

const shutdownMs = 5_000

/** `ez proxy`: signs what programs of this machine send through it. Runs until it is interrupted. */
export async function proxy(file: string, flags: ProxyFlags): Promise<void> {
  const session = await Session.open(flags)
  const rules = await readRules(file)
  // A wrong option or a missing variable is told now, not at the first request.
  for (const { request } of rules) await session.ready(request)
  const token = randomBytes(24).toString('base64url')
  const dispatcher = await createDispatcher(flags)
  const options = {
    session,
    rules,
    token,
    dispatcher,
    bufferBytes: flags.bufferBytes,
    timeoutMs: flags.timeout,
  }
  const server = createProxy(options, lineWriter(process.stderr))
  await listen(server, flags)
  const url =
    flags.socket === undefined
      ? `http://127.0.0.1:${(server.address() as AddressInfo).port}`
      : `unix:${flags.socket}`
  announce(url, token, flags)
  await ended(server)
  if (flags.socket !== undefined) rmSync(flags.socket, { force: true })
  await dispatcher.destroy()
}

/** Writes what comes up in one turn of the loop at once: a write for each request is a good part of what forwarding it takes. */
function lineWriter(stream: NodeJS.WritableStream): (line: LogLine) => void {
  let lines = ''
  return (line) => {
    if (lines === '')
      setImmediate(() => {
        stream.write(lines)
        lines = ''
      })
    lines += `${printableJson(line)}\n`
  }
}

function listen(server: Server, { port, socket }: ProxyFlags): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const where = socket ?? `port ${port}`
      reject(
        new EzError(
          'EZ_USAGE',
          cause.code === 'EADDRINUSE'
            ? `${where} is taken. Give another --port, or 0 for any.`
            : `It cannot listen on ${where}: ${cause.code}.`,
          { cause },
        ),
      )
    })
    const listening = (): void => {
      // Whoever may open the socket may have requests signed.
      if (socket !== undefined) chmodSync(socket, 0o600)
      resolve()
    }
    if (socket === undefined) server.listen(port, '127.0.0.1', listening)
    else server.listen(socket, listening)
  })
}

function announce(url: string, token: string, { json, socket }: ProxyFlags): void {
  if (json) {
    process.stdout.write(`${JSON.stringify({ url, token, header: tokenHeader })}\n`)
    return
  }
  const call = socket === undefined ? `${url}/` : `--unix-socket ${socket} http://localhost/`
  process.stdout.write(
    `Signing on ${url}\nToken: ${token}\n\nCall a host through it:\n  curl -H '${tokenHeader}: ${token}' ${call}<host>/<path>\nor, where no header can be set, with ~<token>/ before the host.\n`,
  )
}

function ended(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      process.off('SIGINT', end).off('SIGTERM', end)
      server.close(() => resolve())
      server.closeIdleConnections()
      setTimeout(() => server.closeAllConnections(), shutdownMs).unref()
    }
    process.on('SIGINT', end).on('SIGTERM', end)
  })
}
