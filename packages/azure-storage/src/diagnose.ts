import {
  type Diagnosis,
  headerOf,
  instantOf,
  type PreparedRequest,
  type ResponseSnapshot,
  throttled,
} from '@ez/core'
import { differencesOf, tellDifferences } from './diagnose/differences.ts'
import { readServiceError } from './diagnose/read.ts'
import { findRefusal, type Kind } from './diagnose/refusals.ts'

const serverString = /(?:Server used following string to sign: '|String to sign used was )([\s\S]*?)'?\.?$/

/**
 * Reads a refusal by Azure Storage.
 *
 * A 403 may print the string that the service signed, which is compared line by line with ours; a date that is too
 * old gives the skew; 429 and 503 ask for patience; other refusals are explained by their code.
 *
 * Source: Microsoft Learn, "Common REST API error codes"; "Authorize with Shared Key".
 */
export function diagnoseAzureStorage(
  response: ResponseSnapshot,
  prepared: PreparedRequest,
): Diagnosis | undefined {
  const { code, message, detail } = readServiceError(response)
  const { status, headers } = response
  if (status === 429 || status === 503 || code === 'ServerBusy')
    return throttled(headers, 'Azure Storage is busy. Send less at a time, or wait.')
  if (status !== 403 && status !== 401 && status !== 400) return undefined
  if (/Request date header (?:too old|not specified|out of range)/i.test(detail))
    return skewed(response, prepared)
  const signed = prepared.trace.findLast(({ id }) => id === 'string-to-sign')?.value
  const expected = serverString.exec(detail)?.[1]
  if (expected !== undefined && signed !== undefined) return compared(expected, signed)
  const kind: Kind = headerOf(prepared.headers, 'authorization') === undefined ? 'sas' : 'key'
  const refusal = findRefusal(code, `${detail}\n${message}`, kind)
  return (
    refusal && { cause: refusal.cause, message: detail ? `${refusal.sentence} ${detail}` : refusal.sentence }
  )
}

function compared(expected: string, signed: string): Diagnosis {
  const differences = differencesOf(expected, signed)
  if (differences.length === 0)
    return {
      cause: 'credential',
      message:
        'Azure Storage signed the same text as we did, so the key is another one. Check that accountKey is a key ' +
        'of this account and was not rotated.',
    }
  return {
    cause: 'signature-mismatch',
    message: `Azure Storage signed another text than we did:\n${tellDifferences(differences, signed)}`,
    differences,
  }
}

function skewed(response: ResponseSnapshot, prepared: PreparedRequest): Diagnosis {
  const server = instantOf(headerOf(response.headers, 'date'))
  const ours = instantOf(headerOf(prepared.headers, 'x-ms-date'))
  if (server === undefined || ours === undefined)
    return {
      cause: 'clock-skew',
      message: 'Azure Storage refused x-ms-date as too far from its clock. Set the clock.',
    }
  const offset = server - ours
  const seconds = Math.round(Math.abs(offset) / 1000)
  return {
    cause: 'clock-skew',
    message: `Our clock is ${seconds} seconds ${offset > 0 ? 'behind' : 'ahead of'} the server's; 15 minutes are allowed.`,
    clockOffsetMs: offset,
  }
}
