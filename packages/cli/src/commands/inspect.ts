import { resolve } from 'node:path'
import { EzError, maskResponse, type PreparedRequest, type ResponseSnapshot } from '@ez/core'
import { readSavedResponse } from '@ez/request-file/response'
import { schemeOf } from '@ez/request-file/signed'
import { loadGrants } from '../config.ts'
import { readSignedCurl } from '../diagnose/signed-curl.ts'
import { readBytes, readText } from '../files/source.ts'
import { type Masking, requestText, responseText } from '../inspect/case-text.ts'
import { writePrivatePage } from '../inspect/private-page.ts'
import { entryFile, findPackage, whyMissing } from '../providers/package.ts'
import { type CommonFlags, Session } from '../session.ts'

export interface InspectFlags extends CommonFlags {
  readonly response?: string
  readonly status?: number
  readonly curl?: string
  readonly withSecrets?: boolean
  readonly open: boolean
}

const pagePackage = '@ez/inspector'

/** `ez inspect`: the inspector page, with a request and an answer filled in. Nothing is sent. */
export async function inspect(file: string | undefined, flags: InspectFlags): Promise<void> {
  if (file !== undefined && flags.curl !== undefined)
    throw new EzError('EZ_USAGE', 'ez inspect takes either a request file or --curl <file>.')
  const page = await readPage(flags)
  const masking: Masking = flags.withSecrets ? 'shown' : 'masked'
  const saved = flags.response === undefined ? undefined : await answerOf(flags)
  const prepared = await requestOf(file, flags, saved)
  const masked =
    saved && prepared && masking === 'masked' ? maskResponse(saved.response, prepared) : saved?.response
  const value = {
    ...(prepared && { request: requestText(prepared, masking) }),
    ...(masked && { answer: responseText(masked, masking) }),
  }
  const target = await writePrivatePage(page, prepared || masked ? { request: '', ...value } : null)
  process.stdout.write(`${flags.json ? JSON.stringify({ page: target }) : target}\n`)
  if (flags.withSecrets)
    process.stderr.write('The page holds the request as it is sent, unmasked. Delete it when you are done.\n')
  if (!flags.open) return
  const { default: open } = await import('open')
  await open(target)
}

async function requestOf(
  file: string | undefined,
  flags: InspectFlags,
  saved: Awaited<ReturnType<typeof answerOf>> | undefined,
): Promise<PreparedRequest | undefined> {
  if (flags.curl !== undefined) return readSignedCurl(flags.curl)
  if (file === undefined) return undefined
  // What the answer tells of the request counts, as for `ez diagnose`.
  const at = flags.at ?? saved?.at?.toISOString()
  const nonce = flags.nonce ?? saved?.nonce
  const session = await Session.open({
    ...flags,
    ...(at !== undefined && { at }),
    ...(nonce !== undefined && { nonce }),
  })
  return session.prepare(await session.loadOne(file))
}

async function answerOf(
  flags: InspectFlags,
): Promise<{ response: ResponseSnapshot; at?: Date; nonce?: string }> {
  const name = flags.response as string
  const usual = flags.curl === undefined ? 403 : (schemeOf(await readSignedCurl(flags.curl))?.status ?? 403)
  const { status } = flags
  const bytes = await readBytes(name, resolve(name))
  return readSavedResponse(bytes, { name, usual, ...(status !== undefined && { status }) })
}

async function readPage(flags: InspectFlags): Promise<string> {
  const grants = await loadGrants(flags.allow ?? [])
  const found = findPackage(pagePackage, process.cwd(), grants)
  const file = found && entryFile(found, './index.html')
  if (!file)
    throw new EzError(
      'EZ_PROVIDER_MISSING',
      `The page is in ${pagePackage}, which is ${whyMissing(pagePackage, process.cwd())}`,
    )
  // A page with everything in it is longer than any request file.
  return readText('index.html', file)
}
