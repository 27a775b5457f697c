export { readPostmanCollection } from './read-collection.ts'
