export type { Attempt } from './attempts.ts'
export { attemptsOf } from './attempts.ts'
export type { Client } from './client.ts'
export { createClient } from './client.ts'
export { isUnsent } from './error.ts'
export type { LimitSubject, RateLimit } from './limits.ts'
export type { Page } from './next-page.ts'
export type { ClientHooks, ClientOptions, SendOptions, Telemetry } from './options.ts'
export type {
  CursorPagination,
  LinkPagination,
  NumberPagination,
  OffsetPagination,
  PageEnd,
  Pagination,
} from './pagination.ts'
export type { RetryOptions } from './retry.ts'
export type { SignedFetchOptions } from './signed-fetch.ts'
export { signedFetch } from './signed-fetch.ts'
export type { ClientStep } from './steps.ts'
export type { Timers } from './timers.ts'
