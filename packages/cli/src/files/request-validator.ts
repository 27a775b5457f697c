import { Ajv, type ValidateFunction } from 'ajv'
import schema from '../../schema/request.schema.json' with { type: 'json' }
import { ajvOptions } from './ajv-options.ts'

/** Validates request files. The build puts the compiled form here: compiling takes longer than all the rest. */
export const validateRequestFile: ValidateFunction = new Ajv(ajvOptions).compile(schema)
