export type { HiddenCredentials } from './imported/hide-credentials.ts'
export { hideCredentials } from './imported/hide-credentials.ts'
export type { ImportedRequest } from './imported/imported-request.ts'
export { literal, requestFileText } from './imported/imported-request.ts'
export { mergeRequests } from './model/merge.ts'
export type { RequestFile } from './model/read-request-file.ts'
export { readRequestFile } from './model/read-request-file.ts'
export type {
  BodyValue,
  Expectation,
  FileValue,
  FlowStepValue,
  IdempotencyValue,
  PartValue,
  RateLimitValue,
  RequestValue,
  StepValue,
  Values,
} from './model/request-value.ts'
export { templateOf } from './model/template.ts'
export { withoutCredentials } from './source/credentials.ts'
export { printable } from './source/printable.ts'
export type { Problem } from './source/problem.ts'
export { problemData, problemError, problemLine, showProblem } from './source/problem.ts'
export { isSecretName } from './source/secret-name.ts'
export type { Path } from './source/source-file.ts'
export { SourceFile } from './source/source-file.ts'
