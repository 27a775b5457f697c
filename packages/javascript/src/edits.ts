import { type BodyTemplate, type EditableRequest, type ScriptContext, secret } from '@ez/core'
import type { Edit } from './protocol.ts'
import type { Secrets } from './secrets.ts'

/** Does to the request what a script did to its own, with the secrets that the script may not read in their places. */
export function applyEdit(
  edit: Edit,
  request: EditableRequest,
  context: ScriptContext,
  secrets: Secrets,
): void {
  switch (edit[0]) {
    case 'method':
      request.method = edit[1]
      break
    case 'url':
      request.url = secrets.resolveText(edit[1])
      break
    case 'set':
    case 'append':
      request[edit[1]][edit[0]](secrets.resolveText(edit[2]), secrets.resolve(edit[3]))
      break
    case 'delete':
      request[edit[1]].delete(secrets.resolveText(edit[2]))
      break
    case 'body':
      request.setBody(secrets.resolveDeep(edit[1]) as BodyTemplate | null)
      break
    case 'publish':
      context.publish(edit[1], published(edit[2], secrets))
      break
    case 'log':
      context.log(secrets.mask(edit[1]))
  }
}

function published(value: unknown, secrets: Secrets): unknown {
  if (typeof value === 'string') return secrets.resolve(value)
  const resolved = secrets.resolveDeep(value)
  // An object that holds a withheld secret is secret as a whole.
  return JSON.stringify(resolved) === JSON.stringify(value)
    ? value
    : secret(JSON.stringify(resolved), { allowedInScript: false })
}
