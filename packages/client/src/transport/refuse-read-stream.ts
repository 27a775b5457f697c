import { type Body, EzError } from '@ez/core'

/** @throws EZ_BODY_INVALID for a stream that somebody reads already */
export function refuseReadStream(body: Body | null): void {
  if (body instanceof ReadableStream && body.locked)
    throw new EzError(
      'EZ_BODY_INVALID',
      'body.stream: it gave a stream that was read already. Give a fresh one at every call.',
    )
}
