export { joinBytes } from './base/bytes.ts'
export type { EzErrorOptions } from './base/error.ts'
export { EzError } from './base/error.ts'
export { nearest } from './base/nearest.ts'
export type { SecretOptions } from './base/secret.ts'
export { reveal, Secret, secret } from './base/secret.ts'
export type { TraceStep } from './base/trace-step.ts'
export type { MaybePromise } from './base/when-ready.ts'
export { whenReady } from './base/when-ready.ts'
export type { OptionRule } from './check/options.ts'
export { checkOptions } from './check/options.ts'
export type { PrepareContext } from './contract/context.ts'
export type { ProviderHostStore } from './contract/host-store.ts'
export type { CurlOptions, PreparedRequest } from './contract/prepared.ts'
export type {
  Body,
  BodyTemplate,
  ConcreteRequest,
  MultipartPart,
  Pairs,
  ResolvedRequest,
  TemplateValue,
} from './contract/request.ts'
export type { StandardResult, StandardSchema } from './contract/standard-schema.ts'
export type {
  Diagnosis,
  Difference,
  EditableRequest,
  PairList,
  PreRequestScript,
  Provider,
  ProviderHost,
  ResponseSnapshot,
  ScriptContext,
  SignContext,
  Signer,
  SignResult,
  SignStage,
  Step,
} from './contract/step.ts'
export type { RequestTemplate, TimeOptions } from './contract/template.ts'
export { secretHider } from './masking/mask.ts'
export { prepare, signRequest } from './prepare.ts'
export type { ScriptDefinition } from './scripts/define.ts'
export { definePreRequestScript } from './scripts/define.ts'
export type { StepDiagnosis } from './seal/diagnose.ts'
export { diagnose, maskResponse } from './seal/diagnose.ts'
export { replacing } from './sign/replacing.ts'
export { instantOf } from './time/instant.ts'
export { textOf } from './values/json.ts'
export { headerOf } from './wire/header-of.ts'
export { retryAfterMs } from './wire/retry-after.ts'
export { isThrottled, throttled } from './wire/throttled.ts'
