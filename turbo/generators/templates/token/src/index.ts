export type { ExampleSchemeOptions } from './options.ts'
export { provider } from './provider.ts'
export { exampleScheme } from './script.ts'
