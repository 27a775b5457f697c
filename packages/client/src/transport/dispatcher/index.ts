export { createDispatcher } from './create-dispatcher.ts'
export { loadDispatchers } from './dispatchers.ts'
