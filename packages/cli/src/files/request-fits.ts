import { Ajv, type ValidateFunction } from 'ajv'
import schema from '../../schema/request.schema.json' with { type: 'json' }
import { ajvOptions } from './ajv-options.ts'

/** Whether a value is a request file; the build replaces this by compiled code, without what tells errors. */
export const fitsRequestFile: ValidateFunction = new Ajv({
  ...ajvOptions,
  allErrors: false,
  verbose: false,
  messages: false,
}).compile(schema)
