import type { EditableRequest } from '../../src/contract/step.ts'
import {
  EzError,
  type PreparedRequest,
  type PreRequestScript,
  type ScriptContext,
  type Signer,
} from '../../src/index.ts'

export const instant: Date = new Date('2026-01-15T12:36:00Z')
export const clock = (): Date => instant

/** The body of a prepared request as text. */
export function bodyText(prepared: Pick<PreparedRequest, 'body'>): string {
  return prepared.body === null ? '' : new TextDecoder().decode(prepared.body as Uint8Array)
}

/** A script of one function. */
export function script(
  run: (request: EditableRequest, context: ScriptContext) => void | Promise<void>,
  id = 'script',
): PreRequestScript {
  return { specVersion: 1, id, run }
}

/** A signer that writes one header. */
export function headerSigner(header = 'authorization', value = 'Test abcdef', id = 'signer'): Signer {
  return {
    specVersion: 1,
    id,
    writes: { headers: [header], query: [] },
    sign: () => ({
      patch: { headers: { [header]: value }, query: [] },
      trace: [{ id: 'string-to-sign', value: 'text' }],
    }),
  }
}

/** The coded error that a promise ends in. */
export async function errorOf(promise: Promise<unknown>): Promise<EzError> {
  const error = await promise.then(
    () => {
      throw new Error('it did not fail')
    },
    (caught: unknown) => caught,
  )
  if (!EzError.isInstance(error)) throw error
  return error
}

/** Every place in which a prepared request shows itself. */
export async function everythingShown(prepared: PreparedRequest): Promise<string> {
  const { inspect } = await import('node:util')
  return [
    JSON.stringify(prepared),
    JSON.stringify(prepared.trace),
    prepared.trace.map(({ value }) => value).join('\n'),
    prepared.toCurl({ mask: true }),
    inspect(prepared, { depth: 9 }),
    inspect({ nested: [prepared] }, { depth: 9 }),
    String(prepared),
  ].join('\n')
}
