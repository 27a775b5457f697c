import type { PrepareContext, RequestTemplate } from '@ez/core'

/** A request before anything in it is resolved, and what it will be resolved with. */
export interface TemplateDraft {
  /** The template as it was written, with its `{{variables}}` and `{%runtime values%}`. */
  readonly template: RequestTemplate
  /** Variables, outputs and clock that it will be resolved with. */
  readonly context: PrepareContext
}

/**
 * Runs before a template is resolved, once for each attempt: it may change the template, and give values to its names.
 *
 * It is no pre-request step: those see the request resolved. Scripts of Postman are of this kind; see
 * `postmanTemplateScript` of `@ez/javascript/postman`.
 */
export interface TemplateScript {
  /** Shown where several are told apart. */
  readonly id: string
  /** Gives the draft that goes on; the one that it was given stays as it is. A rejection ends the attempt, unsent. */
  run(draft: TemplateDraft): Promise<TemplateDraft>
}
