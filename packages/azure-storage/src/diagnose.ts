import type { Diagnosis, Difference, Pairs, PreparedRequest, ResponseSnapshot } from '@ez/core'
import { lineNames } from './string-to-sign.ts'

const serverString = /(?:Server used following string to sign: '|String to sign used was )([\s\S]*?)'?\.?$/

/**
 * Reads a refusal by Azure Storage.
 *
 * A 403 prints the string that the service signed, which is compared line by line with ours; a date that is too
 * old gives the skew; 503 asks for patience.
 *
 * Source: Microsoft Learn, "Common REST API error codes"; "Authorize with Shared Key".
 */
export function diagnoseAzureStorage(
  response: ResponseSnapshot,
  prepared: PreparedRequest,
): Diagnosis | undefined {
  const text = new TextDecoder().decode(response.body)
  const code = find(response.headers, 'x-ms-error-code') ?? element(text, 'Code')
  if (response.status === 503 || code === 'ServerBusy') return throttled(response.headers)
  if (response.status !== 403 && response.status !== 401) return undefined
  const detail = element(text, 'AuthenticationErrorDetail')
  if (/Request date header (?:too old|not specified|out of range)/i.test(detail))
    return skewed(response, prepared)
  if (/not valid in the specified time frame/i.test(detail))
    return { cause: 'token-expired', message: `The shared access signature does not hold now. ${detail}` }
  const expected = serverString.exec(detail)?.[1]
  const signed = prepared.trace.findLast(({ id }) => id === 'string-to-sign')?.value
  if (expected === undefined || signed === undefined) return unexplained(code)
  const differences = compare(expected, signed)
  if (differences.length === 0)
    return {
      cause: 'credential',
      message:
        'Azure Storage signed the same text as we did, so the key is another one. Check that accountKey is a key ' +
        'of this account and was not rotated.',
    }
  const isSharedKey = /^[A-Z]+\n/.test(signed)
  const lines = differences.map(({ line, expected: theirs, signed: ours }) => {
    const name = (isSharedKey ? lineNames[line - 1] : undefined) ?? `line ${line}`
    return `  ${name}: the server expected "${theirs}", we signed "${ours}"`
  })
  return {
    cause: 'signature-mismatch',
    message: ['Azure Storage signed another text than we did:', ...lines].join('\n'),
    differences,
  }
}

function unexplained(code: string): Diagnosis | undefined {
  if (code === 'AuthenticationFailed')
    return {
      cause: 'credential',
      message:
        'Azure Storage refused the authorization and does not say what it expected. Check account and key.',
    }
  if (code.startsWith('Authorization'))
    return {
      cause: 'credential',
      message: `Azure Storage knows the signature, and it does not allow this: ${code}. Check sas.permissions, sas.services, sas.resourceTypes and sas.ip.`,
    }
  return undefined
}

function skewed(response: ResponseSnapshot, prepared: PreparedRequest): Diagnosis {
  const server = Date.parse(find(response.headers, 'date') ?? '')
  const offset = server - Date.parse(find(prepared.headers, 'x-ms-date') ?? '')
  if (Number.isNaN(offset))
    return {
      cause: 'clock-skew',
      message: 'Azure Storage refused x-ms-date as too far from its clock. Set the clock.',
    }
  const seconds = Math.round(Math.abs(offset) / 1000)
  return {
    cause: 'clock-skew',
    message: `Our clock is ${seconds} seconds ${offset > 0 ? 'behind' : 'ahead of'} the server's; 15 minutes are allowed.`,
    clockOffsetMs: offset,
  }
}

function throttled(headers: Pairs): Diagnosis {
  const seconds = Number(find(headers, 'retry-after'))
  return {
    cause: 'throttled',
    message: 'Azure Storage is busy. Send less at a time, or wait.',
    ...(seconds > 0 ? { retryAfterMs: seconds * 1000 } : {}),
  }
}

function compare(expected: string, signed: string): Difference[] {
  const [theirs, ours] = [expected.split(/\r?\n/), signed.split('\n')]
  const differences: Difference[] = []
  for (let index = 0; index < Math.max(theirs.length, ours.length); index += 1) {
    const pair = { expected: theirs[index] ?? '', signed: ours[index] ?? '' }
    if (pair.expected !== pair.signed) differences.push({ stage: 'string-to-sign', line: index + 1, ...pair })
  }
  return differences
}

function find(pairs: Pairs, name: string): string | undefined {
  return pairs.find(([key]) => key.toLowerCase() === name)?.[1]
}

const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' }

/** The text of an element of the service's XML; empty when there is none. */
function element(xml: string, name: string): string {
  const start = xml.indexOf(`<${name}>`)
  const end = start < 0 ? -1 : xml.indexOf(`</${name}>`, start)
  const text = end < 0 ? '' : xml.slice(start + name.length + 2, end)
  return text.replace(/&(lt|gt|quot|apos|amp);/g, (_, entity: string) => entities[entity] ?? '')
}
