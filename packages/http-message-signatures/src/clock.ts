import { EzError, type SignContext } from '@ez/core'

/** The instant of this attempt in whole seconds since 1970. @throws EZ_CLOCK_INVALID */
export function secondsOf(context: Pick<SignContext, 'now'>): number {
  const seconds = Math.floor(context.now().getTime() / 1000)
  if (Number.isNaN(seconds))
    throw new EzError('EZ_CLOCK_INVALID', 'http-message-signatures: the clock must give a Date.')
  return seconds
}
