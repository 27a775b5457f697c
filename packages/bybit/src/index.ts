export { description } from './description.ts'
export { type BybitOptions, bybit, provider } from './provider.ts'
