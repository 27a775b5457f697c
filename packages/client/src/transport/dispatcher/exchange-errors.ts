import { EzError } from '@ez/core'

/** For a body that nobody reads to its end. */
export const abandoned = (): EzError => new EzError('EZ_ABORTED', 'Nobody reads the rest of the answer.')

/** For a stream that does not keep to its length. */
export const wrongLength = (cause: unknown): EzError =>
  new EzError('EZ_BODY_INVALID', 'body.stream: it gave more or fewer bytes than its length says.', { cause })
