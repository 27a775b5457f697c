import type { EzError, PreparedRequest, PreRequestScript, Signer } from '@ez/core'
import { type StageLine, signedRequest, stageLines } from '@ez/request-file/signed'
import type { Input } from '../read/read-input.ts'
import type { Adapter, Options } from '../schemes/adapter.ts'
import { adapterOf, adapters } from '../schemes/adapters.ts'
import { type AuthorizationPart, authorizationParts } from './authorization-parts.ts'
import { sourceOf } from './line-sources.ts'
import { type Pinned, prepareOwn } from './own-request.ts'
import { type RequestPart, requestParts } from './request-parts.ts'
import { judge, workedOut } from './stages.ts'

/** A line of a stage, with the part of the request that it comes from. */
export interface Line extends StageLine {
  readonly from?: string
}

/** A stage of a signature. */
export interface Stage {
  readonly id: string
  readonly text: string
  readonly lines: readonly Line[]
}

/** A request that was signed, by the page or by somebody else, and what is known of it. */
export interface Subject {
  readonly prepared: PreparedRequest
  readonly adapter?: Adapter
  /** Title of a scheme that the page names and cannot verify. */
  readonly title: string
  /** The options with which the page signed it; `undefined` for a request of somebody else. */
  readonly options?: Options
  readonly steps: readonly (Signer | PreRequestScript)[]
}

/** What a signed request says. */
export interface Explanation {
  readonly subject: Subject
  readonly authorization: readonly AuthorizationPart[]
  readonly parts: readonly RequestPart[]
  readonly stages: readonly Stage[]
  readonly keySteps: readonly string[]
  /** Why the stages could not be worked out. */
  readonly problem?: EzError
}

/**
 * The request that the input holds: prepared by its own steps, or as somebody else signed it.
 *
 * @param chosen id of the scheme, where it is not to be found
 * @param credentials signs a request that has no steps of its own, where it is not signed yet
 */
export async function subjectOf(
  { imported }: Input,
  pinned: Pinned,
  chosen?: string,
  credentials?: Options,
): Promise<Subject> {
  const { request } = imported
  if (request.preRequest?.length) return own(request, pinned)
  const prepared = await signedRequest(imported)
  const { adapter, scheme } = adapterOf(prepared, chosen)
  const toSign =
    chosen !== undefined && scheme === undefined ? adapters.find(({ id }) => id === chosen) : undefined
  if (toSign && credentials)
    return own({ ...request, preRequest: [{ use: toSign.use, with: credentials }] }, pinned)
  return {
    prepared,
    ...(adapter && { adapter }),
    title: adapter?.title ?? scheme?.title ?? 'no signature that is known here',
    steps: [],
  }
}

async function own(request: Input['imported']['request'], pinned: Pinned): Promise<Subject> {
  const { prepared, steps, signer } = await prepareOwn(request, pinned)
  return {
    prepared,
    steps,
    title: signer?.adapter.title ?? 'no signature',
    ...(signer && { adapter: signer.adapter, options: signer.options }),
  }
}

/** Every stage of the signature of a request: by its trace, or worked out without the secret. */
export async function explain(subject: Subject, credentials?: Options): Promise<Explanation> {
  const { prepared, adapter } = subject
  const parts = requestParts(prepared)
  const { stages, problem } = await stagesOf(subject, credentials)
  return {
    subject,
    parts,
    authorization: authorizationParts(prepared),
    stages: [...stages].map(([id, text]) => ({ id, text, lines: linesOf(id, text, parts) })),
    keySteps: adapter?.keySteps(stages) ?? [],
    ...(problem && { problem }),
  }
}

async function stagesOf(
  { prepared, adapter }: Subject,
  credentials?: Options,
): Promise<{ stages: ReadonlyMap<string, string>; problem?: EzError }> {
  const ofTrace = new Map(
    prepared.trace
      .filter(({ id, value }) => !notStages.test(id) && value !== '')
      .map(({ id, value }) => [id, value]),
  )
  if (ofTrace.size > 0 || !adapter) return { stages: ofTrace }
  // A signature that is described needs its description, which stands beside the credentials.
  const { stages, refusal } =
    adapter.id === 'signature' && credentials
      ? await judge(adapter, prepared, { describe: credentials.describe })
      : await workedOut(adapter, prepared)
  // Webhooks that sign the body itself have no stage: their verifier only says that the signature is another.
  const isTold = stages.size > 0 || refusal?.code === 'EZ_SIGNATURE_MISMATCH'
  return { stages, ...(!isTold && refusal && { problem: refusal }) }
}

// What the trace shows of the request itself stands beside it already.
const notStages = /^(?:request|patch|log|change|output)$/

const linesOf = (id: string, text: string, parts: readonly RequestPart[]): Line[] =>
  stageLines(id, text).map((line) => {
    const from = sourceOf(line.name, line.text, parts)
    return from === undefined ? line : { ...line, from }
  })
