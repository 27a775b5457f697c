import { readFileSync } from 'node:fs'
import { Ajv, type ValidateFunction } from 'ajv'
import { ajvOptions } from './ajv-options.ts'

/** Validates request files. The build puts the compiled form here: compiling takes longer than all the rest. */
export const validateRequestFile: ValidateFunction = new Ajv(ajvOptions).compile(
  JSON.parse(readFileSync(new URL('../../schema/request.schema.json', import.meta.url), 'utf8')) as object,
)
