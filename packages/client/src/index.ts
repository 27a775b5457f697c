export { isUnsent } from './base/error.ts'
export type { Timers } from './base/timers.ts'
export type { Client } from './client.ts'
export { createClient } from './client.ts'
export type { Attempt } from './contract/attempt.ts'
export type { ClientResponse } from './contract/client-response.ts'
export type { ClientStep } from './contract/client-step.ts'
export type { ClientHooks, ClientOptions, SendOptions, Telemetry } from './contract/options.ts'
export type { LimitSubject, RateLimit } from './contract/rate-limit.ts'
export type { RetryOptions } from './contract/retry-options.ts'
export type { TemplateDraft, TemplateScript } from './contract/template-script.ts'
export type { Comparison, Condition } from './flow/answer/condition.ts'
export { unmetConditions } from './flow/answer/condition.ts'
export type { KeptAnswer } from './flow/answer/read-captures.ts'
export { readCaptures } from './flow/answer/read-captures.ts'
export type { ResponseReading } from './flow/answer/reading.ts'
export { checkCaptures } from './flow/check-capture.ts'
export { checkFlow } from './flow/check-flow.ts'
export type { FlowEvent, FlowResult, FlowStepResult, SeenAnswer } from './flow/events.ts'
export type { Capture, Flow, FlowConditions, FlowStep, Repeat, StepAnswered } from './flow/flow.ts'
export type { FlowJournal, NumberedRecord, RecordOutcome } from './flow/journal.ts'
export type { OutputValues, StepOutput } from './flow/output/step-output.ts'
export type { FlowPagination, PageAnswer, ScriptPagination } from './flow/pages.ts'
export type { FlowContext } from './flow/run-flow.ts'
export { runFlow } from './flow/run-flow.ts'
export type { Page } from './pages/next-page.ts'
export type {
  CursorPagination,
  LinkPagination,
  NumberPagination,
  OffsetPagination,
  PageEnd,
  Pagination,
} from './pages/pagination.ts'
export { runTemplateScripts } from './request/run-template-scripts.ts'
export { attemptsOf } from './response/attempts-of.ts'
export type { SignedFetchOptions } from './signed-fetch.ts'
export { signedFetch } from './signed-fetch.ts'
export type { TransportOptions } from './transport/transport-options.ts'
