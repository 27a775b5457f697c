import { EzError, type RequestTemplate } from '@ez/core'

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
 * A record as the values of a template: `{{record.field}}`, and `{{field}}` where only the record has it.
 *
 * @throws EZ_NAME_AMBIGUOUS when the template asks for a name that both the record and the variables have
 */
export function dataOfRecord(
  record: unknown,
  names: ReadonlySet<string>,
  variables: Readonly<Record<string, unknown>>,
  step: string,
): Record<string, unknown> {
  const data: Record<string, unknown> = { record }
  if (typeof record !== 'object' || record === null || Array.isArray(record)) return data
  for (const name of names) {
    if (name === 'record' || !Object.hasOwn(record, name)) continue
    if (Object.hasOwn(variables, name))
      throw new EzError(
        'EZ_NAME_AMBIGUOUS',
        `${step}: {{${name}}} is a variable and a field of the record. Write {{record.${name}}} for the field, or rename the variable.`,
        { details: { step, name } },
      )
    data[name] = (record as Record<string, unknown>)[name]
  }
  return data
}
