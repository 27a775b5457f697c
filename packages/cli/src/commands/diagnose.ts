import { resolve } from 'node:path'
import {
  diagnose as askSteps,
  EzError,
  type PreparedRequest,
  type ResponseSnapshot,
  type StepDiagnosis,
} from '@ez/core'
import { readSavedResponse, type SavedResponse } from '@ez/request-file/response'
import { diagnoseSigned } from '@ez/request-file/signed'
import { loadGrants } from '../config.ts'
import { showDiagnosis } from '../diagnose/show.ts'
import { knownScheme, readSignedCurl } from '../diagnose/signed-curl.ts'
import { readBytes } from '../files/source.ts'
import { printableJson } from '../output/printable.ts'
import { splitSpecifier } from '../providers/package.ts'
import { loadOptional } from '../providers/scripts.ts'
import { type TransportFlags, transportOptions } from '../send/transport.ts'
import { type CommonFlags, Session } from '../session.ts'

export interface DiagnoseFlags extends CommonFlags, TransportFlags {
  readonly response?: string
  readonly status?: number
  readonly send?: boolean
  readonly curl?: string
  readonly timeout: number
}

/**
 * `ez diagnose`: why a server refused a request. Exit code 0 with a diagnosis of a saved response, 1 when
 * nobody knows, or when the request that was sent is refused.
 */
export async function diagnose(file: string | undefined, flags: DiagnoseFlags): Promise<void> {
  if ((file === undefined) === (flags.curl === undefined))
    throw new EzError('EZ_USAGE', 'ez diagnose needs either a request file or --curl <file>.')
  if ((flags.response === undefined) === (flags.send !== true))
    throw new EzError('EZ_USAGE', 'ez diagnose needs either --response <saved response> or --send.')
  if (file === undefined) return diagnoseCurl(flags.curl as string, flags)
  const session = await Session.open(flags)
  const request = await session.loadOne(file)
  if (flags.send) {
    const { Executor } = await import('../send/execute.ts')
    const executor = new Executor(session, {
      transport: await transportOptions(flags),
      timeoutMs: flags.timeout,
      retries: 0,
    })
    const { prepared, response } = await executor.send(request, request.label)
    if (response.status < 400) {
      tell(flags, { status: response.status }, `The request was not refused: status ${response.status}.`)
      return
    }
    const { template } = await session.ready(request)
    report(flags, response, prepared, askSteps(response, prepared, template.preRequest ?? []))
    process.exitCode = 1
    return
  }
  const saved = await savedResponse(flags)
  if (saved.response.status < 400)
    process.stderr.write(`The response has the status ${saved.response.status}, which is no refusal.\n`)
  const { at, nonce, uuid } = saved
  const ready = await session.readyOnce(request, {
    ...(at && flags.at === undefined && { clock: () => at, startedAt: at }),
    ...(nonce !== undefined && flags.nonce === undefined && { nonce: () => nonce }),
    ...(uuid !== undefined && flags.nonce === undefined && { uuid: () => uuid }),
  })
  if (at === undefined && flags.at === undefined)
    process.stderr.write(
      'The response does not say when the request was signed: it is prepared for now, so that times differ. Give --at.\n',
    )
  const prepared = await session.prepareWith(request, ready)
  const found = askSteps(saved.response, prepared, ready.template.preRequest ?? [])
  report(flags, saved.response, prepared, found)
  if (!found) process.exitCode = 1
}

/** A request that another client signed: no secret is at hand, and none is needed to compare. */
async function diagnoseCurl(curl: string, flags: DiagnoseFlags): Promise<void> {
  if (flags.response === undefined)
    throw new EzError('EZ_USAGE', '--curl goes with --response: the command is not sent again.')
  const sent = await readSignedCurl(curl)
  const scheme = knownScheme(sent)
  const { response } = await savedResponse(flags, scheme.status)
  const grants = await loadGrants(flags.allow ?? [])
  const { name, subpath } = splitSpecifier(scheme.use)
  const module = await loadOptional(name, subpath, process.cwd(), 'This signature', grants)
  const { found, prepared } = await diagnoseSigned(scheme, module, response, sent)
  report(flags, response, prepared, found)
  if (!found) process.exitCode = 1
}

async function savedResponse(flags: DiagnoseFlags, usual?: number): Promise<SavedResponse> {
  const name = flags.response as string
  const { status } = flags
  const known = { name, ...(status !== undefined && { status }), ...(usual !== undefined && { usual }) }
  return readSavedResponse(await readBytes(name, resolve(name)), known)
}

function report(
  flags: DiagnoseFlags,
  response: ResponseSnapshot,
  prepared: PreparedRequest,
  found: StepDiagnosis | undefined,
): void {
  const data = {
    status: response.status,
    step: found?.step.id,
    diagnosis: found?.diagnosis,
    trace: prepared.trace,
  }
  tell(
    flags,
    data,
    found
      ? showDiagnosis(found)
      : `Status ${response.status}: no step of this request knows what it means. \`ez explain\` shows what was signed.`,
  )
}

function tell(flags: DiagnoseFlags, data: object, text: string): void {
  process.stdout.write(flags.json ? `${printableJson(data, 2)}\n` : `${text}\n`)
}
