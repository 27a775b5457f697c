import {
  type Diagnosis,
  type Difference,
  headerOf,
  type PreparedRequest,
  type ResponseSnapshot,
  throttled,
} from '@ez/core'
import { findRefusal } from './diagnose/refusals.ts'

const serverPayload = /payload to sign: '([\s\S]*)'/
const serverTime = /current server time: ([^)]+)/
const outsideWindow = /authorization token is not valid at the current time/i
const lineNames = ['verb', 'resource type', 'resource link', 'x-ms-date', 'date']

/**
 * Reads a refusal by Cosmos DB.
 *
 * A 401 prints the text that the server signed, which is compared line by line with ours; a 403 on a date outside
 * the window prints the server's time, which gives the skew.
 *
 * Source: REST API, "Access control on Azure Cosmos DB resources"; "HTTP status codes for Azure Cosmos DB".
 */
export function diagnoseCosmos(response: ResponseSnapshot, prepared: PreparedRequest): Diagnosis | undefined {
  const message = messageOf(response.body)
  const authorization = headerOf(prepared.headers, 'authorization') ?? ''
  const kind = /^type(?:=|%3d)(\w+?)(?:&|%26)/i.exec(authorization)?.[1] ?? 'unknown'
  if (response.status === 429) return throttled(response.headers, 'Too many requests. Wait and sign anew.')
  if (response.status === 403 && outsideWindow.test(message))
    return outside(message, response, prepared, kind)
  const refusal = findRefusal(response.status, message)
  if (refusal) return { cause: 'credential', message: refusal.sentence }
  if (response.status !== 401) return undefined
  if (kind !== 'master') return refusedToken(kind, message)
  const expected = serverPayload.exec(message)?.[1]
  const signed = prepared.trace.findLast((step) => step.id === 'string-to-sign')?.value
  if (expected === undefined || signed === undefined)
    return {
      cause: 'credential',
      message: 'Cosmos DB does not say why.',
    }
  const differences = compare(withLineFeeds(expected), signed)
  if (differences.length === 0)
    return {
      cause: 'credential',
      message: 'Cosmos DB signed the same text, so the key is another one: rotated, or read-only.',
    }
  const lines = differences.map(
    ({ line, expected: theirs, signed: ours }) =>
      `  ${lineNames[line - 1] ?? `line ${line}`}: the server expected "${theirs}", we signed "${ours}"${hint(theirs, ours)}`,
  )
  return {
    cause: 'signature-mismatch',
    message: ['Cosmos DB signed another text:', ...lines].join('\n'),
    differences,
  }
}

function compare(expected: string, signed: string): Difference[] {
  const [theirs, ours] = [expected.split('\n'), signed.split('\n')]
  return (theirs.length > ours.length ? theirs : ours).flatMap((_, index) => {
    const pair = { expected: theirs[index] ?? '', signed: ours[index] ?? '' }
    return pair.expected === pair.signed ? [] : { stage: 'string-to-sign', line: index + 1, ...pair }
  })
}

function hint(theirs: string, ours: string): string {
  if (theirs.toLowerCase() === ours.toLowerCase()) return ' (only the case differs: set linkBy)'
  if (ours.startsWith(`${theirs}/`)) return ' (feeds and creation are signed with the parent link)'
  return ''
}

function outside(
  message: string,
  response: ResponseSnapshot,
  prepared: PreparedRequest,
  kind: string,
): Diagnosis {
  if (kind !== 'master') return expired(kind)
  const server = Date.parse(serverTime.exec(message)?.[1] ?? headerOf(response.headers, 'date') ?? '')
  const offset = server - Date.parse(headerOf(prepared.headers, 'x-ms-date') ?? '')
  if (Number.isNaN(offset)) return { cause: 'clock-skew', message: 'The clock is wrong. Set it.' }
  const seconds = Math.round(Math.abs(offset) / 1000)
  const side = offset > 0 ? 'behind' : 'ahead of'
  return {
    cause: 'clock-skew',
    message: `Our clock is ${seconds} seconds ${side} the server's.`,
    clockOffsetMs: offset,
  }
}

function expired(kind: string): Diagnosis {
  return { cause: 'token-expired', message: `The ${kind} token has expired. Renew it.` }
}

function refusedToken(kind: string, message: string): Diagnosis {
  if (/expired/i.test(message)) return expired(kind)
  return {
    cause: 'credential',
    message: `Cosmos DB refused the ${kind} token. Is it for this account?`,
  }
}

function messageOf(body: Uint8Array): string {
  const text = new TextDecoder().decode(body)
  try {
    const { message } = JSON.parse(text) as { message?: unknown }
    return typeof message === 'string' ? message : text
  } catch {
    return text
  }
}

// Some gateways print line feeds as backslash and n.
function withLineFeeds(payload: string): string {
  return payload.includes('\n') ? payload : payload.replaceAll('\\n', '\n')
}
