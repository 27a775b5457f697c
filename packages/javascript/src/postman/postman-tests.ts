import { STATUS_CODES } from 'node:http'
import type { PrepareContext, ResponseSnapshot } from '@ez/core'
import { givenValues } from './given-values.ts'
import { postmanScripts } from './postman-scripts.ts'
import type { PostmanTemplateScriptOptions } from './template-script.ts'
import type { PostmanOutcome, PostmanRequest } from './types.ts'
import { PostmanValues } from './values.ts'

/** What was sent, and what came back. */
export interface PostmanAnswered {
  /** The request in wire form, as it was sent. */
  readonly prepared: {
    readonly method: string
    readonly url: string
    readonly headers: Iterable<readonly [string, string]>
    readonly body?: unknown
  }
  /** The answer, read whole. */
  readonly response: ResponseSnapshot
  /** From sending to the whole answer. */
  readonly milliseconds: number
}

/** Runs the scripts on an answer; `name` is what the request is called. */
export type PostmanTests = (
  answered: PostmanAnswered,
  context?: PrepareContext,
  name?: string,
) => Promise<PostmanOutcome['tests']>

/**
 * Test scripts of Postman: they look at an answer by `pm.response` and `pm.expect`, and tell what `pm.test` found. What
 * they set is added to `values`.
 *
 * @throws EZ_OPTION_INVALID
 *
 * @example
 * ```ts
 * import { postmanTests } from '@ez/javascript/postman'
 *
 * const look = postmanTests({
 *   scripts: [{ name: 'status.js', source: "pm.test('is found', () => pm.response.to.have.status(200))" }],
 * })
 * const results = await look({
 *   prepared: { method: 'GET', url: 'https://api.example.com/', headers: [] },
 *   response: { status: 200, headers: [], body: new Uint8Array() },
 *   milliseconds: 12,
 * })
 * console.log(results[0]?.passed)
 * ```
 */
export function postmanTests({
  values: kept,
  environmentName,
  ...options
}: PostmanTemplateScriptOptions): PostmanTests {
  const scripts = postmanScripts(options)
  const text = options.scripts.map(({ source }) => source).join('\n')
  return async ({ prepared, response, milliseconds }, context = {}, name) => {
    const values = kept ?? new PostmanValues()
    const { shared } = await givenValues(context, text, values)
    const { status, headers, body } = response
    const outcome = await scripts.run({
      request: requestOf(prepared),
      response: {
        status,
        statusText: STATUS_CODES[status] ?? '',
        headers: headers.map(([key, value]) => [key, value] as const),
        text: new TextDecoder().decode(body),
        size: body.length,
        milliseconds: Math.round(milliseconds),
      },
      scopes: { ...values.scopes, iterationData: context.data ?? {} },
      shared,
      now: context.clock?.() ?? new Date(),
      ...(environmentName !== undefined && { environmentName }),
      ...(name !== undefined && { requestName: name }),
      ...(context.fetch && { fetch: context.fetch }),
      ...(context.signal && { signal: context.signal }),
    })
    values.apply(outcome.changes)
    for (const line of outcome.log) context.log?.({ step: 'test', id: 'postman', value: line })
    return outcome.tests
  }
}

function requestOf({ method, url, headers, body }: PostmanAnswered['prepared']): PostmanRequest {
  return {
    method,
    url,
    header: [...headers].map(([key, value]) => ({ key, value })),
    ...(body instanceof Uint8Array && {
      body: { mode: 'raw' as const, raw: new TextDecoder().decode(body) },
    }),
  }
}
