import {
  type Diagnosis,
  headerOf,
  isThrottled,
  type Pairs,
  type ResponseSnapshot,
  retryAfterMs,
} from '@ez/core'
import { textOf } from '../base/snapshot.ts'

interface ThrottlingAnswer {
  readonly service: string
  readonly statuses: readonly number[]
  /** Codes in the body. */
  readonly codes: readonly string[]
}

// What vendors answer besides 429. A code counts only with its status: the words may well be data.
const table: readonly ThrottlingAnswer[] = [
  {
    // RESTlets answer 400, SOAP 500 or 403 with a fault (Oracle, "Web services and RESTlet concurrency governance").
    service: 'NetSuite',
    statuses: [400, 403, 500, 503],
    codes: [
      'SSS_REQUEST_LIMIT_EXCEEDED',
      'CONCURRENCY_LIMIT_EXCEEDED',
      'ExceededConcurrentRequestLimitFault',
      'ExceededRequestLimitFault',
      'WS_CONCUR_SESSION_DISALLWD',
      'WS_REQUEST_BLOCKED',
    ],
  },
  {
    // Amazon S3, "Error responses": 503 SlowDown; other AWS services answer 400 (AWS, "Error retries").
    service: 'AWS',
    statuses: [400, 503],
    codes: [
      'SlowDown',
      'Throttling',
      'ThrottlingException',
      'ThrottledException',
      'RequestThrottled',
      'RequestThrottledException',
      'RequestLimitExceeded',
      'ProvisionedThroughputExceededException',
      'TooManyRequestsException',
      'BandwidthLimitExceeded',
      'PriorRequestNotComplete',
    ],
  },
]

/** A refusal for too many requests, by its status and limits or by a vendor's own answer; `undefined` for any other. */
export function throttlingDiagnosis(response: ResponseSnapshot, nowMs: number): Diagnosis | undefined {
  const entry = response.status === 429 ? undefined : entryOf(response)
  if (entry === undefined && !isThrottled(response)) return undefined
  const wait = retryAfterMs(response.headers, nowMs) ?? secondsForOne(response.headers)
  return {
    cause: 'throttled',
    message: `${entry ? `${entry.service} answered ${response.status} ${entry.code}` : `The server answered ${response.status}`}: too many requests. Send fewer at once, or set rateLimit.`,
    ...(wait === undefined ? {} : { retryAfterMs: wait }),
  }
}

function entryOf(response: ResponseSnapshot): { service: string; code: string } | undefined {
  const entries = table.filter(({ statuses }) => statuses.includes(response.status))
  if (entries.length === 0) return undefined
  const text = textOf(response)
  for (const { service, codes } of entries) {
    const code = codes.find((candidate) => new RegExp(`(?<![\\w-])${candidate}(?![\\w-])`).test(text))
    if (code) return { service, code }
  }
  return undefined
}

/**
 * Requests per second that the server grants for this operation.
 *
 * Source: Amazon, "Usage plans and rate limits in the Selling Partner API": `x-amzn-RateLimit-Limit`.
 */
export function grantedRate(headers: Pairs): number | undefined {
  const value = Number(headerOf(headers, 'x-amzn-ratelimit-limit') ?? Number.NaN)
  return Number.isFinite(value) && value > 0 ? value : undefined
}

// An empty token bucket has its next token after 1 / rate.
function secondsForOne(headers: Pairs): number | undefined {
  const rate = grantedRate(headers)
  return rate === undefined ? undefined : Math.ceil(1000 / rate)
}
