export { readHttpFile } from './read-http-file.ts'
export { type RawRequestOptions, readRawRequest } from './read-raw-request.ts'
