export { postmanScripts } from './postman/postman-scripts.ts'
export type { PostmanAnswered, PostmanTests } from './postman/postman-tests.ts'
export { postmanTests } from './postman/postman-tests.ts'
export type {
  PostmanDraft,
  PostmanTemplateScript,
  PostmanTemplateScriptOptions,
} from './postman/template-script.ts'
export { postmanTemplateScript } from './postman/template-script.ts'
export type {
  PostmanAttempt,
  PostmanChange,
  PostmanOutcome,
  PostmanPair,
  PostmanRequest,
  PostmanResponse,
  PostmanScope,
  PostmanScript,
  PostmanScripts,
  PostmanScriptsOptions,
} from './postman/types.ts'
export { PostmanValues } from './postman/values.ts'
