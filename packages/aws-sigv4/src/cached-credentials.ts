import { checkOptions, type SignContext } from '@ez/core'
import type { AwsCredentials } from './credentials.ts'

/** Options of {@link cachedCredentials}. */
export interface CachedCredentialsOptions {
  /** Seconds before the end at which new credentials are asked for (default 300). */
  readonly refreshBeforeSeconds?: number
}

/**
 * Keeps credentials until shortly before they end; concurrent requests share one refresh.
 *
 * When a refresh fails while the old credentials still hold, they are used on. Credentials without
 * `expiration` are kept for good.
 *
 * @throws EZ_OPTION_INVALID; what `load` throws reaches the requests that wait for it
 *
 * @example
 * ```ts
 * import { awsSigV4, cachedCredentials } from '@ez/aws-sigv4'
 *
 * const credentials = cachedCredentials(async () => ({
 *   accessKeyId: 'ASIAEXAMPLE',
 *   secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
 *   sessionToken: 'token',
 *   expiration: new Date('2026-01-15T13:36:00Z'),
 * }))
 * const signer = awsSigV4({ service: 'sts', region: 'us-east-1', credentials })
 * ```
 */
export function cachedCredentials(
  load: (context: SignContext) => AwsCredentials | Promise<AwsCredentials>,
  options: CachedCredentialsOptions = {},
): (context: SignContext) => AwsCredentials | Promise<AwsCredentials> {
  checkOptions(
    'cached-credentials',
    { ...options, load },
    { load: 'function', refreshBeforeSeconds: 'number?' },
  )
  const margin = (options.refreshBeforeSeconds ?? 300) * 1000
  let known: AwsCredentials | undefined
  let pending: Promise<AwsCredentials> | undefined

  const refresh = async (context: SignContext): Promise<AwsCredentials> => {
    try {
      known = await load(context)
      return known
    } catch (error) {
      if (known && isValid(known, context.now(), 0)) return known
      throw error
    }
  }

  return (context) => {
    if (known && isValid(known, context.now(), margin)) return known
    pending ??= refresh(context).finally(() => {
      pending = undefined
    })
    return pending
  }
}

function isValid({ expiration }: AwsCredentials, now: Date, margin: number): boolean {
  return expiration === undefined || expiration.getTime() - margin > now.getTime()
}
