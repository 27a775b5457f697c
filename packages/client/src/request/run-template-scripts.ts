import { EzError } from '@ez/core'
import type { TemplateDraft, TemplateScript } from '../contract/template-script.ts'

/**
 * Runs template scripts one after the other, as every attempt of a client does before it prepares.
 *
 * @throws EZ_SCRIPT_FAILED when one gives no draft, and what they throw
 *
 * @example
 * ```ts
 * import { runTemplateScripts, type TemplateScript } from '@ez/client'
 *
 * const template = { method: 'GET', url: 'https://api.example.com/{{path}}' }
 * const script: TemplateScript = {
 *   id: 'path',
 *   run: async ({ template, context }) => ({ template, context: { ...context, data: { path: 'orders' } } }),
 * }
 * const draft = await runTemplateScripts({ template, context: {} }, [script])
 * console.log(draft.context.data)
 * ```
 */
export async function runTemplateScripts(
  draft: TemplateDraft,
  scripts: readonly TemplateScript[],
): Promise<TemplateDraft> {
  let current = draft
  for (const script of scripts) {
    current = await script.run(current)
    if (typeof current?.template !== 'object' || typeof current.context !== 'object')
      throw new EzError(
        'EZ_SCRIPT_FAILED',
        `The template script ${script.id} gave no draft. Return { template, context }.`,
      )
  }
  return current
}
