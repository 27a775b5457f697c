import type { BodyValue } from '../model/request-value.ts'
import { isCredentialField, isWritten } from './credentials.ts'
import { hiddenValues, type Take } from './hidden-values.ts'

/** A body with variables in the place of its credentials. */
export function hiddenBody(body: BodyValue, take: Take): BodyValue {
  if (body.form) return { form: hiddenValues(body.form, isCredentialField, 'the form,', take) }
  if (body.multipart)
    return {
      multipart: body.multipart.map((part) =>
        isCredentialField(part.name) && isWritten(part.value)
          ? { ...part, value: take(`the form, ${part.name}`, part.name, part.value) }
          : part,
      ),
    }
  if (body.json !== undefined) return { json: hiddenJson(body.json, '', take) }
  if (body.text !== undefined) return { text: hiddenText(body.text, take) }
  return body
}

function hiddenJson(value: unknown, name: string, take: Take): unknown {
  if (typeof value === 'string')
    return isCredentialField(name) && isWritten(value) ? take(`the body, ${name}`, name, value) : value
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((item) => hiddenJson(item, name, take))
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, hiddenJson(item, key, take)]))
}

// What stands in a text is put in as it is, so that the variable holds it as it was written.
function hiddenText(text: string, take: Take): string {
  if (/^[^\s={}"]+=[^\s]*$/.test(text))
    return text
      .split('&')
      .map((pair) => {
        const [, name = '', value = ''] = /^([^=]*)=(.*)$/s.exec(pair) ?? []
        return isCredentialField(name) && isWritten(value)
          ? `${name}=${take(`the form, ${name}`, name, value)}`
          : pair
      })
      .join('&')
  return text.replace(
    /("([^"\\]+)"\s*:\s*)"((?:[^"\\]|\\.)+)"/g,
    (whole, start: string, name: string, value: string) =>
      isCredentialField(name) && isWritten(value)
        ? `${start}"${take(`the body, ${name}`, name, value)}"`
        : whole,
  )
}
