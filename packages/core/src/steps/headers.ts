import type { Secret } from '../base/secret.ts'
import { checkOptions } from '../check/options.ts'
import type { EditableRequest, PreRequestScript, ScriptContext } from '../contract/step.ts'

function script(
  id: string,
  run: (request: EditableRequest, context: ScriptContext) => void,
): PreRequestScript {
  return { specVersion: 1, id, run }
}

/**
 * Sets a header, replacing any of the same name.
 *
 * @throws EZ_OPTION_INVALID when it is created
 *
 * @example
 * ```ts
 * import { setHeader } from '@ez/core/steps'
 *
 * console.log(setHeader('x-tenant', 'a').id)
 * ```
 */
export function setHeader(name: string, value: string | Secret): PreRequestScript {
  checkOptions('set-header', { name, value }, { name: 'string', value: 'text|secret' })
  return script('set-header', (request) => request.headers.set(name, value))
}

/**
 * Removes every header of a name.
 *
 * @throws EZ_OPTION_INVALID when it is created
 *
 * @example
 * ```ts
 * import { removeHeader } from '@ez/core/steps'
 *
 * console.log(removeHeader('x-debug').id)
 * ```
 */
export function removeHeader(name: string): PreRequestScript {
  checkOptions('remove-header', { name }, { name: 'string' })
  return script('remove-header', (request) => request.headers.delete(name))
}

/**
 * Sends the attempt's nonce in a header.
 *
 * @throws EZ_OPTION_INVALID when it is created
 *
 * @example
 * ```ts
 * import { nonceHeader } from '@ez/core/steps'
 *
 * console.log(nonceHeader('x-nonce').id)
 * ```
 */
export function nonceHeader(name: string): PreRequestScript {
  checkOptions('nonce-header', { name }, { name: 'string' })
  return script('nonce-header', (request, context) => request.headers.set(name, context.nonce()))
}

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
export function timestampHeader(
  name: string,
  format: 'iso' | 'seconds' | 'milliseconds' | 'http' = 'iso',
): PreRequestScript {
  checkOptions(
    'timestamp-header',
    { name, format },
    { name: 'string', format: "'iso'|'seconds'|'milliseconds'|'http'" },
  )
  const write: Record<typeof format, (now: Date) => string> = {
    iso: (now) => now.toISOString(),
    seconds: (now) => String(Math.floor(now.getTime() / 1000)),
    milliseconds: (now) => String(now.getTime()),
    http: (now) => now.toUTCString(),
  }
  return script('timestamp-header', (request, context) =>
    request.headers.set(name, write[format](context.now())),
  )
}
