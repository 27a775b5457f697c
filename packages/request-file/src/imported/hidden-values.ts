import type { TemplateValue } from '@ez/core'
import type { Values } from '../model/request-value.ts'
import { isWritten } from './credentials.ts'

/** Tells where a credential stood, and gives the token that takes its place. */
export type Take = (place: string, wanted: string, value: string) => string

/** Named values with tokens in the place of credentials. */
export function hiddenValues(
  values: Values,
  isCredential: (name: string) => boolean,
  place: string,
  take: Take,
): Values {
  const shown = <Value>(name: string, value: Value): Value | string =>
    isCredential(name) && isWritten(value) ? take(`${place} ${name}`, name, value) : value
  return Array.isArray(values)
    ? values.map(([name, value]): [string, TemplateValue] => [name, shown(name, value)])
    : Object.fromEntries(Object.entries(values).map(([name, value]) => [name, shown(name, value)]))
}
