export type { PythonPoolOptions } from './pool/pool.ts'
export { PythonPool } from './pool/pool.ts'
export type { PythonScriptOptions } from './script.ts'
export { closePython, pythonScript } from './script.ts'
