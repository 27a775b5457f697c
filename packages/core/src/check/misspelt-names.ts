import { EzError } from '../base/error.ts'
import { memo } from '../base/memo.ts'
import { nearest } from '../base/nearest.ts'
import type { PrepareContext } from '../contract/context.ts'
import type { RequestTemplate } from '../contract/template.ts'

type Check = (values: object) => void

/**
 * Refuses a name that is nearly one of those known: with `prerequest` a request would go out unsigned, and with
 * `allowedHost` to any host. Names that resemble none are the user's own, as notes are.
 */
function refusing(subject: string, code: string, known: ReadonlySet<string>): Check {
  // Short names resemble each other by chance.
  const meant = memo((name) => nearest(name, known, name.length < 9 ? 1 : 2) ?? '')
  return (values) => {
    for (const name in values) {
      if (known.has(name) || meant(name) === '' || !Object.hasOwn(values, name)) continue
      throw new EzError(code, `${subject}.${name}: there is no such name: did you mean ${meant(name)}?`)
    }
  }
}

/** @throws EZ_TEMPLATE_INVALID for a misspelt name */
export const checkTemplateNames: Check = /* @__PURE__ */ refusing(
  'template',
  'EZ_TEMPLATE_INVALID',
  new Set<keyof RequestTemplate>(['name', 'method', 'url', 'query', 'headers', 'body', 'time', 'preRequest']),
)

/** @throws EZ_OPTION_INVALID for a misspelt name */
export const checkContextNames: Check = /* @__PURE__ */ refusing(
  'context',
  'EZ_OPTION_INVALID',
  new Set<keyof PrepareContext>([
    'variables',
    'data',
    'outputs',
    'allowedHosts',
    'clock',
    'startedAt',
    'nonce',
    'uuid',
    'secretsOf',
    'fetch',
    'signal',
    'stepTimeoutMs',
    'log',
  ]),
)
