import {
  type PrepareContext,
  type PreparedRequest,
  type PreRequestScript,
  prepare,
  type RequestTemplate,
} from '@ez/core'

export function send(
  script: PreRequestScript,
  context: PrepareContext = {},
  template: Partial<RequestTemplate> = {},
): Promise<PreparedRequest> {
  return prepare(
    { method: 'GET', url: 'https://api.example.com/orders', ...template, preRequest: [script] },
    context,
  )
}

export function headerOf(prepared: PreparedRequest, name: string): string | undefined {
  return prepared.headers.find(([known]) => known === name)?.[1]
}

/** Everything that the project shows of a result or an error. */
export function shown(value: unknown): string {
  if (value instanceof Error) {
    const { message, stack, cause, trace, details } = value as Error & { trace?: unknown; details?: unknown }
    return JSON.stringify([message, stack, cause instanceof Error ? shown(cause) : cause, trace, details])
  }
  return JSON.stringify([value, (value as PreparedRequest).trace])
}
