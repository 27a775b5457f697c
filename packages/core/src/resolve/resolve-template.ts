import { EzError } from '../base/error.ts'
import type { TemplateValue } from '../contract/request.ts'
import type { RequestTemplate } from '../contract/template.ts'
import type { Draft, HeaderEntry, QueryEntry } from '../template/draft.ts'
import type { Values } from '../template/text.ts'
import { pairsOf, scalarText } from '../values/pairs.ts'
import { resolveBody } from './body.ts'
import { resolveText } from './resolve-text.ts'
import { resolveUrl } from './url.ts'
import type { Variables } from './variables.ts'

/**
 * Resolves the variables and time tokens of a template; waits, by `wait`, only for variables that have to be fetched.
 *
 * @throws EZ_VARIABLE_MISSING with every missing name
 */
export function resolve(
  template: RequestTemplate,
  variables: Variables,
  wait: <Result>(pending: Promise<Result>) => Promise<Result>,
): Draft | Promise<Draft> {
  const draft = resolveTemplate(template, variables)
  return variables.isIncomplete ? resolveAgain(template, variables, wait) : draft
}

async function resolveAgain(
  template: RequestTemplate,
  variables: Variables,
  wait: <Result>(pending: Promise<Result>) => Promise<Result>,
): Promise<Draft> {
  for (;;) {
    const wereFetched = await wait(variables.awaitPending())
    const draft = resolveTemplate(template, variables)
    // What was fetched may hold the name of another that has to be.
    if (!wereFetched) return draft
  }
}

function resolveTemplate(template: RequestTemplate, values: Values): Draft {
  if (typeof template?.method !== 'string' || typeof template.url !== 'string')
    throw new EzError('EZ_TEMPLATE_INVALID', 'The template needs a method and a url, both strings.')
  const url = resolveUrl(template.url, values)
  const query: QueryEntry[] = url.query.map((raw) => ({ raw }))
  for (const [name, value] of pairsOf<TemplateValue>(template.query, 'query')) {
    if (value === undefined) continue
    const place = `query.${name}`
    query.push({
      name: resolveText(name, 'query', values),
      value:
        typeof value === 'string'
          ? resolveText(value, place, values)
          : scalarText(value, place, (secret) => values.conceal(secret)),
    })
  }
  const headers: HeaderEntry[] = []
  for (const [name, value] of pairsOf<string | undefined>(template.headers, 'headers')) {
    if (value === undefined) continue
    const place = `headers.${name}`
    const resolvedName = resolveText(name, 'headers', values)
    if (typeof value !== 'string' || typeof resolvedName !== 'string')
      throw new EzError(
        'EZ_HEADER_INVALID',
        `${place}: the value must be a string, and the name known before scripts run.`,
      )
    headers.push({ name: resolvedName, value: resolveText(value, place, values) })
  }
  return {
    method: resolveText(template.method, 'method', values),
    head: url.head,
    query,
    headers,
    body: template.body === undefined || template.body === null ? null : resolveBody(template.body, values),
  }
}
