export { readSavedResponse, type SavedResponse, type SavedResponseOptions } from './read-saved-response.ts'
