export { description } from './description.ts'
export { type AlibabaCloudOptions, alibabaCloud, provider } from './provider.ts'
