export type { BruParser } from './from-bru.ts'
export type { BrunoCollection, BrunoFile } from './read-bruno.ts'
export { readBruno } from './read-bruno.ts'
export type { BrunoEnvironment } from './shapes.ts'
