export { readEzExport } from './read-ez-export.ts'
