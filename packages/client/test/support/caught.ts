import { EzError } from '@ez/core'

/** The coded error that a promise must reject with. */
export async function caught(pending: Promise<unknown>): Promise<EzError> {
  const error = await pending.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (!EzError.isInstance(error)) throw new Error(`expected an EzError, got ${String(error)}`)
  return error
}
