import { checkOptions } from '@ez/core'
import { checkGrant, checkLimits } from '../options.ts'
import { PostmanRun } from './run.ts'
import type { PostmanScripts, PostmanScriptsOptions } from './types.ts'

/**
 * Pre-request scripts of Postman, as they are, in the sandbox: they see the request with its `{{variables}}`, before
 * anything is resolved, and set variables that it then uses.
 *
 * Each runs in an async function of its own, in the order given. There are `pm.variables`, `environment`,
 * `collectionVariables`, `globals`, `iterationData`, `request`, `sendRequest`, `test`, `info`, the old names
 * (`postman.setEnvironmentVariable`, `environment`, `request.url`), `CryptoJS`, `_`, `moment`, and `require` of
 * crypto-js, lodash, moment, uuid and postman-collection, where these packages are installed (they are optional peers).
 *
 * @throws EZ_OPTION_INVALID
 *
 * @example
 * ```ts
 * import { postmanScripts } from '@ez/javascript/postman'
 *
 * const scripts = postmanScripts({
 *   scripts: [{ name: 'sign.js', source: "pm.environment.set('stamp', String(Date.now()))" }],
 * })
 * const { changes } = await scripts.run({
 *   request: { method: 'GET', url: 'https://api.example.com/?at={{stamp}}', header: [] },
 *   now: new Date('2026-01-02T03:04:05Z'),
 * })
 * ```
 */
export function postmanScripts(options: PostmanScriptsOptions): PostmanScripts {
  checkOptions('postman scripts', options, {
    scripts: 'array',
    timeoutMs: 'number?',
    memoryMb: 'number?',
    allow: 'object?',
  })
  checkLimits(options)
  checkGrant(options.allow)
  const { scripts, timeoutMs = 5000, memoryMb = 64, allow } = options
  const checked = { scripts, timeoutMs, memoryMb, ...(allow === undefined ? {} : { allow }) }
  return {
    async run(attempt) {
      let run = new PostmanRun(checked, attempt)
      await run.run()
      if (run.mayRunAgain) {
        run = new PostmanRun(checked, attempt)
        await run.run()
      }
      return run.outcome()
    },
  }
}
