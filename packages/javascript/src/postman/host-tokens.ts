import type { PrepareContext, RequestTemplate } from '@ez/core'

const prefix = 'postman_'

/**
 * A draft in which what a script set may choose the host, as an output may; `allowedHosts` bounds it. Data may not.
 */
export function hostTokens(
  { template, context }: { readonly template: RequestTemplate; readonly context: PrepareContext },
  literals: ReadonlyMap<string, unknown>,
): { readonly template: RequestTemplate; readonly context: PrepareContext } {
  const authority = /^(?:[a-z][\w+.-]*:\/\/)?[^/?#]*/i.exec(template.url)?.[0] ?? ''
  const outputs: Record<string, unknown> = {}
  const written = authority.replace(/(?<!\\)\{\{\s*([\w-]+)\s*\}\}/g, (token, name: string) => {
    if (!literals.has(name)) return token
    outputs[`${prefix}${name}`] = literals.get(name)
    return `{%${prefix}${name}%}`
  })
  if (written === authority) return { template, context }
  return {
    template: { ...template, url: written + template.url.slice(authority.length) },
    context: { ...context, outputs: { ...context.outputs, ...outputs } },
  }
}
