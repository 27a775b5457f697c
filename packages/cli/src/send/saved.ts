import { createHash } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { maskResponse, type PreparedRequest, type ResponseSnapshot } from '@ez/core'
import { type BodyData, bodyData } from '../output/request.ts'
import type { AttemptValues } from './observe.ts'

/** A request and its response, masked, as `--save` keeps them and `ez diagnose` reads them. */
export interface SavedExchange {
  readonly savedBy: 'ez'
  readonly version: 1
  readonly label: string
  /** ISO instant at which the request was prepared. */
  readonly at: string
  readonly nonce: string
  readonly uuid?: string
  /** Masked. */
  readonly request: unknown
  readonly response: {
    readonly status: number
    readonly headers: readonly (readonly [string, string])[]
    readonly body: BodyData
  }
}

/** Keeps an exchange in a folder; the name of the file comes from the request's label. */
export async function saveExchange(
  folder: string,
  label: string,
  values: AttemptValues,
  prepared: PreparedRequest,
  response: ResponseSnapshot,
): Promise<string> {
  const { status, headers, body } = maskResponse(response, prepared)
  const saved: SavedExchange = {
    savedBy: 'ez',
    version: 1,
    label,
    ...values,
    request: prepared.toJSON(),
    response: { status, headers, body: bodyData(body) },
  }
  await mkdir(folder, { recursive: true })
  const file = join(folder, fileNameOf(label))
  // Masked, but still the business of one user.
  await writeFile(file, `${JSON.stringify(saved, null, 2)}\n`, { mode: 0o600 })
  return file
}

/**
 * The name of the file for a label, the same each time. Labels that are no file names, or that differ from another only in
 * case, which some file systems do not tell apart, carry a hash.
 */
function fileNameOf(label: string): string {
  if (/^[a-z0-9_][a-z0-9._#-]*$/.test(label)) return `${label}.json`
  const readable = label.replace(/[^\p{L}\p{N}._#-]+/gu, '-').replace(/^[-.]+/, '')
  const hash = createHash('sha256').update(label).digest('hex').slice(0, 12)
  return `${readable === '' ? 'request' : readable.slice(0, 150)}-${hash}.json`
}
