import { checkOptions } from '../check/options.ts'
import type { PreRequestScript, Provider } from '../contract/step.ts'

/** How an instant is written: ISO, seconds or milliseconds since the epoch, or an HTTP date. */
export type TimestampFormat = 'iso' | 'seconds' | 'milliseconds' | 'http'

/**
 * Sends the attempt's instant in a header: ISO (default), seconds or milliseconds since the epoch, or an HTTP date.
 *
 * @throws EZ_OPTION_INVALID when it is created
 *
 * @example
 * ```ts
 * import { timestampHeader } from '@ez/core/steps'
 *
 * console.log(timestampHeader('x-timestamp', 'seconds').id)
 * ```
 */
export function timestampHeader(name: string, format: TimestampFormat = 'iso'): PreRequestScript {
  checkOptions(
    'timestamp-header',
    { name, format },
    { name: 'string', format: "'iso'|'seconds'|'milliseconds'|'http'" },
  )
  const write: Record<TimestampFormat, (now: Date) => string> = {
    iso: (now) => now.toISOString(),
    seconds: (now) => String(Math.floor(now.getTime() / 1000)),
    milliseconds: (now) => String(now.getTime()),
    http: (now) => now.toUTCString(),
  }
  return {
    specVersion: 1,
    id: 'timestamp-header',
    run: (request, context) => request.headers.set(name, write[format](context.now())),
  }
}

/** What `use: '@ez/core/steps/timestamp-header'` in a request file loads. */
export const provider: Provider<{ readonly name: string; readonly format?: TimestampFormat }> = {
  id: 'timestamp-header',
  options: {
    type: 'object',
    required: ['name'],
    additionalProperties: false,
    properties: {
      name: { type: 'string', minLength: 1, description: 'Of the header' },
      format: { enum: ['iso', 'seconds', 'milliseconds', 'http'], default: 'iso' },
    },
  },
  create: ({ name, format }) => timestampHeader(name, format),
}
