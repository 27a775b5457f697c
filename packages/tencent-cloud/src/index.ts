export { description } from './description.ts'
export { provider, type TencentCloudOptions, tencentCloud } from './provider.ts'
