import { printableJson } from '../output/printable.ts'
import { httpHead, requestData } from '../output/request.ts'
import type { TransportFlags } from '../send/transport.ts'
import { type CommonFlags, Session } from '../session.ts'

export interface SignFlags extends CommonFlags, TransportFlags {
  readonly format?: 'http' | 'curl' | 'json'
  readonly mask?: boolean
  readonly shell?: 'posix' | 'powershell'
}

/** `ez sign`: prints the request that would be sent, ready to be sent. */
export async function sign(file: string, flags: SignFlags): Promise<void> {
  const session = await Session.open(flags)
  const prepared = await session.prepare(await session.loadOne(file))
  const mask = flags.mask === true
  const format = flags.format ?? (flags.json ? 'json' : 'http')
  if (format === 'curl') {
    process.stdout.write(`${prepared.toCurl({ mask, ...(flags.shell && { shell: flags.shell }) })}\n`)
    return
  }
  const request = await requestData(prepared, mask)
  if (format === 'json') {
    process.stdout.write(`${printableJson({ ...request, trace: prepared.trace }, 2)}\n`)
    return
  }
  const body = request.body && Buffer.from(request.body.data, request.body.encoding)
  process.stdout.write(httpHead(request, body?.length))
  if (body) {
    process.stdout.write(body)
    // A prompt would stand right behind the body.
    if (process.stdout.isTTY) process.stdout.write('\n')
  }
}
