export { description } from './description.ts'
export { type ExampleSchemeOptions, exampleScheme, provider } from './provider.ts'
