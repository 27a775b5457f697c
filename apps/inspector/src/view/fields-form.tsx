import { useState } from 'preact/hooks'
import { type Fields, fieldsOf, textOfFields } from '../read/fields.ts'
import { request } from './state.ts'

/** A request as fields; they write the text. */
export function FieldsForm() {
  const [fields, setFields] = useState(() => fieldsOf(request.peek()))
  const change = (changed: Partial<Fields>) => {
    const now = { ...fields, ...changed }
    setFields(now)
    request.value = textOfFields(now)
  }
  return (
    <div class="fields">
      <label class="field">
        Method
        <input
          type="text"
          value={fields.method}
          onInput={({ currentTarget }) => change({ method: currentTarget.value })}
        />
      </label>
      <label class="field">
        URL
        <input
          type="url"
          value={fields.url}
          onInput={({ currentTarget }) => change({ url: currentTarget.value })}
        />
      </label>
      <label class="field">
        Headers, a line each: name: value
        <textarea
          rows={5}
          value={fields.headers}
          onInput={({ currentTarget }) => change({ headers: currentTarget.value })}
        />
      </label>
      <label class="field">
        Body
        <textarea
          rows={3}
          value={fields.body}
          onInput={({ currentTarget }) => change({ body: currentTarget.value })}
        />
      </label>
    </div>
  )
}
