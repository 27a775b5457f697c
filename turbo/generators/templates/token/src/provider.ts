import type { Provider } from '@ez/core'
import { type ExampleSchemeOptions, optionsSchema } from './options.ts'
import { exampleScheme, id } from './script.ts'

/** What `use: '@ez/example-scheme'` in a request file loads. */
export const provider: Provider<ExampleSchemeOptions> = { id, options: optionsSchema, create: exampleScheme }
