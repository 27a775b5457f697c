export { description } from './description.ts'
export { type CavageSignaturesOptions, cavageSignatures, provider } from './provider.ts'
