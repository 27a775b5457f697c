import type { Options } from 'ajv'

/** How schemas are read: every error is told, with the value and the schema that it is about. */
export const ajvOptions: Options = {
  allErrors: true,
  verbose: true,
  strict: false,
  validateFormats: false,
  // Our own schema is checked by a test, a provider's by the compilation; compiling the meta-schema takes 30 ms.
  meta: false,
  validateSchema: false,
}
