export { description } from './description.ts'
export { type AkamaiEdgeGridOptions, akamaiEdgeGrid, provider } from './provider.ts'
