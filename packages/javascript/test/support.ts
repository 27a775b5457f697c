import { type PrepareContext, type PreparedRequest, prepare, type RequestTemplate } from '@ez/core'
import { type JavascriptScriptOptions, javascriptScript } from '@ez/javascript'

export const instant = '2026-01-02T03:04:05.678Z'

/** A request prepared by a script, at one clock and nonce. */
export function run(
  source: string,
  given: {
    template?: Partial<RequestTemplate>
    context?: PrepareContext
    options?: Omit<JavascriptScriptOptions, 'source' | 'file'>
  } = {},
): Promise<PreparedRequest> {
  return prepare(
    {
      method: 'POST',
      url: 'https://api.example.com/a?q=1',
      body: { json: { a: 1 } },
      ...given.template,
      // A busy machine is no failure; a test of the limit gives its own.
      preRequest: [javascriptScript({ source, timeoutMs: 30_000, ...given.options })],
    },
    { clock: () => new Date(instant), nonce: () => 'NonceOfTheAttempt', ...given.context },
  )
}

/** The lines that the script logged. */
export function logOf(prepared: PreparedRequest): string[] {
  return prepared.trace.filter(({ id }) => id === 'log').map(({ value }) => value)
}

/** What `console.log` of an expression says. */
export async function shown(expression: string, given: Parameters<typeof run>[1] = {}): Promise<string> {
  return logOf(await run(`console.log(${expression})`, given)).join('\n')
}
