export { postmanScripts } from './postman/postman-scripts.ts'
export type {
  PostmanAttempt,
  PostmanChange,
  PostmanOutcome,
  PostmanPair,
  PostmanRequest,
  PostmanScope,
  PostmanScript,
  PostmanScripts,
  PostmanScriptsOptions,
} from './postman/types.ts'
