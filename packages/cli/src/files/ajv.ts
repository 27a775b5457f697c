import { Ajv } from 'ajv'
import { ajvOptions } from './ajv-options.ts'

/** The validator, in a file of its own: it is loaded only when something may be wrong. */
export const createAjv = (): Ajv => new Ajv(ajvOptions)
