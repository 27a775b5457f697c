import { EzError, prepare, type RequestTemplate } from '@ez/core'
import type { Scope } from './flow-run.ts'

/** The names that a template asks for by `{{name}}`, without their paths. */
export function namesIn(template: RequestTemplate): Set<string> {
  const { preRequest: _, ...written } = template
  const names = new Set<string>()
  const read = (value: unknown): void => {
    if (typeof value === 'string')
      for (const [, name] of value.matchAll(/\{\{\s*([\w-]+)/g)) names.add(name as string)
    else if (Array.isArray(value)) for (const item of value) read(item)
    else if (typeof value === 'object' && value !== null && !ArrayBuffer.isView(value))
      for (const [key, item] of Object.entries(value)) {
        read(key)
        read(item)
      }
  }
  read(written)
  return names
}

/**
 * Makes sure that a name in a template means one value.
 *
 * @throws EZ_NAME_AMBIGUOUS when the template asks for a name that both the record and the variables have
 */
export function checkNames(
  record: unknown,
  names: ReadonlySet<string>,
  variables: Readonly<Record<string, unknown>>,
  step: string,
): void {
  for (const name of namesOfBoth(record, names))
    if (Object.hasOwn(variables, name))
      throw new EzError(
        'EZ_NAME_AMBIGUOUS',
        `${step}: {{${name}}} is a variable and a field of the record. Write {{record.${name}}} for the field, or rename the variable.`,
        { details: { step, name } },
      )
}

/** A record as the values of a template: `{{record.field}}`, and `{{field}}` for what the template asks for. */
export function dataOfRecord(record: unknown, names: ReadonlySet<string>): Record<string, unknown> {
  const data: Record<string, unknown> = { record }
  for (const name of namesOfBoth(record, names)) data[name] = (record as Record<string, unknown>)[name]
  return data
}

function namesOfBoth(record: unknown, names: ReadonlySet<string>): string[] {
  if (typeof record !== 'object' || record === null || Array.isArray(record)) return []
  return [...names].filter((name) => name !== 'record' && Object.hasOwn(record, name))
}

/**
 * A request whose whole URL is a field of the record, as one whose URL is a runtime value: an answer chose it, and the
 * rules for such URLs hold. Any other request as it is.
 */
export async function withUrlOfRecord(
  template: RequestTemplate,
  scope: Scope,
): Promise<{ readonly template: RequestTemplate; readonly scope: Scope }> {
  const [, name] = /^\{\{\s*([\w-]+)[^{}]*\}\}$/.exec(template.url) ?? []
  if (name === undefined || !Object.hasOwn(scope.data, name)) return { template, scope }
  const body = { json: template.url }
  const { body: bytes } = await prepare({ method: 'POST', url: 'https://ez.invalid/', body }, scope)
  const value: unknown = JSON.parse(new TextDecoder().decode(bytes as Uint8Array))
  return {
    template: { ...template, url: `{%${urlName}%}` },
    scope: { ...scope, outputs: { ...scope.outputs, [urlName]: value } },
  }
}

const urlName = 'url_of_record'
