export type { MaybePromise } from './base/when-ready.ts'
export { whenReady } from './base/when-ready.ts'
export { joinBytes } from './bytes.ts'
export type { PrepareContext } from './context.ts'
export type { ScriptDefinition, StandardResult, StandardSchema } from './define.ts'
export { definePreRequestScript } from './define.ts'
export type { StepDiagnosis } from './diagnose.ts'
export { diagnose, maskResponse } from './diagnose.ts'
export type { EzErrorOptions } from './error.ts'
export { EzError } from './error.ts'
export { textOf } from './json.ts'
export { secretHider } from './mask.ts'
export { nearest } from './nearest.ts'
export type { OptionRule } from './options.ts'
export { checkOptions } from './options.ts'
export { prepare, signRequest } from './prepare.ts'
export type { CurlOptions, PreparedRequest } from './prepared.ts'
export { replacing } from './replacing.ts'
export type {
  Body,
  BodyTemplate,
  ConcreteRequest,
  MultipartPart,
  Pairs,
  RequestTemplate,
  ResolvedRequest,
  TemplateValue,
  TimeOptions,
} from './request.ts'
export type { SecretOptions } from './secret.ts'
export { reveal, Secret, secret } from './secret.ts'
export type {
  Diagnosis,
  Difference,
  EditableRequest,
  PairList,
  PreRequestScript,
  Provider,
  ResponseSnapshot,
  ScriptContext,
  SignContext,
  Signer,
  SignResult,
  SignStage,
  Step,
} from './step.ts'
export { instantOf } from './time/instant.ts'
export type { TraceStep } from './trace.ts'
export { headerOf } from './wire/header-of.ts'
export { retryAfterMs } from './wire/retry-after.ts'
export { isThrottled, throttled } from './wire/throttled.ts'
