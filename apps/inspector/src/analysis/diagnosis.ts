import { type Diagnosis, diagnose, type EzError, type ResponseSnapshot } from '@ez/core'
import { readSavedResponse, type SavedResponse } from '@ez/request-file/response'
import { diagnoseSigned, signedSchemes } from '@ez/request-file/signed'
import { type Marked, marked } from '../read/marks.ts'
import type { Options } from '../schemes/adapter.ts'
import type { Subject } from './explain.ts'
import { judge } from './stages.ts'

/** Where what the server expected and what was signed differ. */
export interface MarkedDifference extends Marked {
  readonly stage: string
  readonly line: number
}

/** What a refusal means. */
export interface Finding {
  readonly status: number
  /** `undefined` when no step knows it. */
  readonly diagnosis?: Diagnosis
  readonly differences: readonly MarkedDifference[]
  /** What the secret adds, when one was given. */
  readonly secret?: { readonly isRight: boolean; readonly message: string }
}

/** What a server answered; a body alone has the scheme's usual status. */
export function readAnswer(text: string, schemeId: string | undefined, status?: number): SavedResponse {
  const usual = signedSchemes.find(({ id }) => id === schemeId)?.status ?? 403
  return readSavedResponse(text, { name: 'The answer', usual, ...(status !== undefined && { status }) })
}

/** Reads a refusal: without a secret as far as that goes, and with it to the end. */
export async function find(
  subject: Subject,
  response: ResponseSnapshot,
  credentials?: Options,
): Promise<Finding> {
  const diagnosis = await diagnosisOf(subject, response)
  const secret = credentials && (await held(subject, credentials))
  return {
    status: response.status,
    ...(diagnosis && { diagnosis }),
    differences: (diagnosis?.differences ?? []).map(({ stage, line, expected, signed }) => ({
      stage,
      line,
      ...marked(expected, signed),
    })),
    ...(secret && { secret }),
  }
}

async function diagnosisOf(
  { prepared, steps, adapter }: Subject,
  response: ResponseSnapshot,
): Promise<Diagnosis | undefined> {
  if (steps.length > 0) return diagnose(response, prepared, steps)?.diagnosis
  const scheme = signedSchemes.find(({ id }) => id === adapter?.id.replace(/^aws-sigv4a$/, 'aws-sigv4'))
  if (!scheme || !adapter) return undefined
  return (await diagnoseSigned(scheme, adapter.module, response, prepared)).found?.diagnosis
}

/** Holds the signature of somebody else's request against a secret. */
export async function held(
  { prepared, adapter, options }: Subject,
  credentials: Options,
): Promise<Finding['secret']> {
  if (!adapter || options) return undefined
  const { verified, refusal } = await judge(adapter, prepared, credentials)
  if (verified)
    return {
      isRight: true,
      message:
        'The signature is the one of this request and this secret: the server knows another secret, or something changed the request on its way.',
    }
  return { isRight: false, message: refusalText(refusal) }
}

const refusalText = (refusal: EzError | undefined): string =>
  refusal?.code === 'EZ_SIGNATURE_MISMATCH'
    ? 'The signature is not the one of this request and this secret: it was signed with another secret, or the request was changed after it was signed.'
    : (refusal?.message ?? '')
