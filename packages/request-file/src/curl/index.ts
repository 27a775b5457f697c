export { readCurl } from './read-curl.ts'
