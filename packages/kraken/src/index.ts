export { description } from './description.ts'
export { type KrakenOptions, kraken, provider } from './provider.ts'
