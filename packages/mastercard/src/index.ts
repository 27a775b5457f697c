export { description } from './description.ts'
export { type MastercardOptions, mastercard, provider } from './provider.ts'
