import type { FileValue, FlowStepValue, RequestValue } from '../model/request-value.ts'

/** Requests as the steps of one flow. Its steps have no variables of their own: those of all stand in `defaults`. */
export function asFlow(requests: readonly RequestValue[]): FileValue {
  const variables: Record<string, unknown> = {}
  const steps = withIds(requests.map((request) => sharing(request, variables)))
  return { ...(Object.keys(variables).length > 0 && { defaults: { variables } }), steps }
}

/** A request whose variables were added to those of all; one whose name is taken gets another. */
function sharing(
  { variables: own = {}, ...request }: RequestValue,
  all: Record<string, unknown>,
): RequestValue {
  let shared: RequestValue = request
  for (const [wanted, value] of Object.entries(own)) {
    const isFree = (name: string): boolean =>
      !Object.hasOwn(all, name) || JSON.stringify(all[name]) === JSON.stringify(value)
    let name = wanted
    for (let number = 2; !isFree(name); number += 1) name = `${wanted}_${number}`
    all[name] = value
    if (name !== wanted) shared = renamed(shared, wanted, name)
  }
  return shared
}

function renamed<Value>(value: Value, from: string, to: string): Value {
  const token = new RegExp(`\\{\\{(\\s*)${from}(?=[\\s|}.[])`, 'g')
  return JSON.parse(JSON.stringify(value).replace(token, `{{$1${to}`)) as Value
}

// Letters, digits and dashes, each once.
function withIds(requests: readonly RequestValue[]): FlowStepValue[] {
  const used = new Set<string>()
  return requests.map((request) => {
    const stem = idOf(request.name ?? 'request')
    let id = stem
    for (let number = 2; used.has(id); number += 1) id = `${stem}-${number}`
    used.add(id)
    return { id, ...request }
  })
}

const idOf = (name: string): string =>
  name
    .replace(/[^A-Za-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .toLowerCase() || 'request'
