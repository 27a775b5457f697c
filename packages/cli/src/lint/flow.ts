import { checkFlow, type Flow } from '@ez/client'
import { EzError } from '@ez/core'
import { type Path, problemData, showProblem } from '@ez/request-file'
import type { LoadedRequest } from '../files/request-file.ts'
import { knownConditions } from '../flow/conditions.ts'
import { bigintText } from '../providers/options.ts'
import type { Session } from '../session.ts'
import { lintRequest } from './request.ts'

/** Everything that is wrong with a flow: its steps with stand-ins for captures and records, and the captures themselves. */
export async function lintFlow(session: Session, steps: readonly LoadedRequest[]): Promise<unknown[]> {
  const found: unknown[] = [...flowProblem(steps), ...captureFindings(steps)]
  const known = new Set<string>()
  // What a script of one step sets, the others see.
  const texts = (await Promise.all(steps.map((step) => session.postman.texts(step)))).flat()
  for (const request of steps) {
    const outputs = {
      ...Object.fromEntries([...known].map((name) => [name, standIn(request, name)])),
      ...firstPage(request),
    }
    const { variables = {} } = await session.context(request)
    const data = request.step?.each === undefined ? {} : recordStandIns(request, variables)
    found.push(...(await lintRequest(session, request, { outputs, data }, texts)))
    for (const name of Object.keys(request.step?.capture ?? {})) known.add(name)
  }
  return found
}

// What the client refuses before anything is sent.
function flowProblem(steps: readonly LoadedRequest[]): unknown[] {
  try {
    checkFlow({
      steps: steps.map((request) => ({
        ...(request.step as object),
        ...request.value,
        ...knownConditions(request),
      })) as unknown as Flow['steps'],
    })
    return []
  } catch (error) {
    const step = EzError.isInstance(error) ? String(error.details.place).split('.', 1)[0] : undefined
    const index = steps.findIndex((request) => request.step?.id === step)
    const { source } = (steps[Math.max(0, index)] ?? steps[0]) as LoadedRequest
    if (!EzError.isInstance(error)) return [error]
    const problems = [source.problem(index === -1 ? ['steps'] : ['steps', index], error.message)]
    return [
      new EzError(error.code, problems.map(showProblem).join('\n'), {
        details: { problems: problemData(problems) },
      }),
    ]
  }
}

// What the first request of a list is made with; a script says what its runtime values are called.
function firstPage({ step }: LoadedRequest): Readonly<Record<string, unknown>> {
  const paginate = step?.paginate
  if (paginate?.style === 'script') return paginate.initial ?? {}
  return paginate?.style === 'cursor' ? { cursor_val: paginate.initial ?? null } : {}
}

// Where a capture is the whole URL it must be one.
const standIn = ({ value }: LoadedRequest, name: string): string =>
  new RegExp(`^\\{%\\s*${name}\\s*%\\}$`).test(value.url) ? 'https://captured.invalid/' : '1'

function recordStandIns(
  { value }: LoadedRequest,
  variables: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const data: Record<string, unknown> = { record: {} }
  const { preRequest: _, ...written } = value
  for (const [, path = ''] of JSON.stringify(written, bigintText).matchAll(/\{\{\s*([\w.-]+)/g)) {
    const [first = '', ...rest] = path.split('.')
    if (first !== 'record') {
      if (!Object.hasOwn(variables, first)) data[first] = '1'
      continue
    }
    let parent = data.record as Record<string, unknown>
    for (const key of rest.slice(0, -1)) {
      if (typeof parent[key] !== 'object') parent[key] = {}
      parent = parent[key] as Record<string, unknown>
    }
    const last = rest.at(-1)
    if (last !== undefined) parent[last] ??= '1'
  }
  return data
}

function captureFindings(steps: readonly LoadedRequest[]): EzError[] {
  const findings: EzError[] = []
  const setAt = new Map<string, number>()
  const texts = steps.map(({ value }) => JSON.stringify(value, bigintText))
  const say = (index: number, path: Path, message: string, severity: 'error' | 'warning'): void => {
    const source = steps[index]?.source
    const problems = source ? [source.problem(['steps', index, ...path], message)] : []
    findings.push(
      new EzError('EZ_FLOW_INVALID', problems.map(showProblem).join('\n'), {
        details: { problems: problemData(problems), severity },
      }),
    )
  }
  for (const [index, { step, value }] of steps.entries()) {
    for (const name of Object.keys(step?.capture ?? {})) {
      const uses = new RegExp(`\\{%\\s*${name}[\\s.[|%]`)
      const path = ['capture', name]
      if (setAt.has(name)) say(index, path, `{%${name}%} is captured by an earlier step too.`, 'warning')
      else if (texts.slice(0, index + 1).some((text) => uses.test(text)))
        say(index, path, `{%${name}%} is used before this step captures it.`, 'error')
      else if (!texts.slice(index + 1).some((text) => uses.test(text)))
        say(index, path, `{%${name}%} is never used.`, 'warning')
      setAt.set(name, index)
    }
    if (step?.repeat && value.method.toUpperCase() === 'POST')
      say(index, ['repeat'], 'each repetition sends the POST again. Is that meant?', 'warning')
  }
  return findings
}
