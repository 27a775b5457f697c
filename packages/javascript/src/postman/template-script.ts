import type { PrepareContext, RequestTemplate } from '@ez/core'
import { editedTemplate } from './edited-template.ts'
import { givenValues, withValues } from './given-values.ts'
import { hostTokens } from './host-tokens.ts'
import { postmanScripts } from './postman-scripts.ts'
import { requestOfTemplate } from './request-of-template.ts'
import { WrittenTokens } from './tokens.ts'
import type { PostmanScriptsOptions } from './types.ts'
import { PostmanValues } from './values.ts'

/** A request before it is resolved, and what it will be resolved with; see `TemplateDraft` of `@ez/client`. */
export interface PostmanDraft {
  /** The template as it was written, with its `{{variables}}`. */
  readonly template: RequestTemplate
  /** Variables, outputs and clock that it will be resolved with. */
  readonly context: PrepareContext
}

/** Options of {@link postmanTemplateScript}. */
export interface PostmanTemplateScriptOptions extends PostmanScriptsOptions {
  /** What scripts set before; what these set is added. Default: each attempt starts from nothing. */
  readonly values?: PostmanValues
  /** `pm.environment.name`. */
  readonly environmentName?: string
}

/** What {@link postmanTemplateScript} makes: a `TemplateScript` of `@ez/client`. */
export interface PostmanTemplateScript {
  /** Stands before messages and in traces. */
  readonly id: string
  /**
   * Runs the scripts on a copy, and gives the template and the context that they made of it.
   *
   * @throws EZ_SCRIPT_FAILED, EZ_SCRIPT_VALUE, EZ_SCRIPT_TIMEOUT, EZ_SCRIPT_MEMORY, EZ_SCRIPT_OUTPUT, EZ_SANDBOX_BROKEN
   */
  run(draft: PostmanDraft): Promise<PostmanDraft>
}

/**
 * Pre-request scripts of Postman as a stage before `resolve`: they see the template with its `{{names}}`, change it, and
 * set what it is then resolved with, literally.
 *
 * @throws EZ_OPTION_INVALID
 *
 * @example
 * ```ts
 * import { postmanTemplateScript } from '@ez/javascript/postman'
 *
 * const script = postmanTemplateScript({
 *   scripts: [{ name: 'stamp.js', source: "pm.environment.set('stamp', String(Date.now()))" }],
 * })
 * const { context } = await script.run({
 *   template: { method: 'GET', url: 'https://api.example.com/?at={{stamp}}' },
 *   context: { clock: () => new Date('2026-01-02T03:04:05Z') },
 * })
 * console.log(context.data)
 * ```
 */
export function postmanTemplateScript({
  values: kept,
  environmentName,
  ...options
}: PostmanTemplateScriptOptions): PostmanTemplateScript {
  const scripts = postmanScripts(options)
  const sources = options.scripts.map(({ source }) => source)
  return {
    id: 'postman',
    async run({ template, context }) {
      const values = kept ?? new PostmanValues()
      const given = await givenValues(context, sources.join('\n'), values)
      let edited = template
      if (sources.length > 0) {
        const outcome = await scripts.run({
          request: requestOfTemplate(template),
          scopes: { ...values.scopes, iterationData: context.data ?? {} },
          shared: given.shared,
          now: context.clock?.() ?? new Date(),
          ...(environmentName !== undefined && { environmentName }),
          ...(template.name !== undefined && { requestName: template.name }),
          ...(context.fetch && { fetch: context.fetch }),
          ...(context.signal && { signal: context.signal }),
        })
        values.apply(outcome.changes)
        for (const line of outcome.log) context.log?.({ step: 'script', id: 'postman', value: line })
        edited = editedTemplate(template, outcome, new WrittenTokens(templateText(template), sources))
      }
      const resolved = withValues(context, given.variables, values)
      return hostTokens({ template: edited, context: resolved.context }, resolved.literals)
    },
  }
}

// Without steps and streams, which hold no tokens.
const templateText = ({ preRequest: _, ...template }: RequestTemplate): string => JSON.stringify(template)
