export type { PostmanEnvironment } from './environment.ts'
export { readPostmanEnvironment } from './environment.ts'
export { readPostmanCollection } from './read-collection.ts'
