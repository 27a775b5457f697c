import { checkOptions, EzError, type SignContext } from '@ez/core'
import { type AwsCredentials, identityOf } from './credentials.ts'

/** Options of {@link cachedCredentials}. */
export interface CachedCredentialsOptions {
  /** Seconds before the end at which new credentials are asked for (default 300). */
  readonly refreshBeforeSeconds?: number
  /** Seconds after which a refresh is given up, so that one that hangs does not hold up all that follow (default 25). */
  readonly timeoutSeconds?: number
}

const id = 'cached-credentials'

/**
 * Keeps credentials until shortly before they end; concurrent requests share one refresh.
 *
 * When a refresh fails while the old credentials still hold, they are used on. Credentials without
 * `expiration` are kept for good. A refresh serves every request that waits for it, so the `signal` that `load` gets
 * is the refresh's own, which ends it after `timeoutSeconds`, and not that of one request.
 *
 * @throws EZ_OPTION_INVALID; when signing EZ_CREDENTIAL_MISSING and EZ_CREDENTIAL_INVALID for what `load` gives,
 * EZ_TIMEOUT, and what `load` throws
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
  checkOptions(id, { load }, { load: 'function' })
  checkOptions(id, options, { refreshBeforeSeconds: 'number?', timeoutSeconds: 'number?' })
  const { refreshBeforeSeconds = 300, timeoutSeconds = 25 } = options
  if (refreshBeforeSeconds < 0)
    throw new EzError('EZ_OPTION_INVALID', `${id}: option refreshBeforeSeconds must not be negative.`)
  if (timeoutSeconds <= 0 || timeoutSeconds > 3600)
    throw new EzError(
      'EZ_OPTION_INVALID',
      `${id}: option timeoutSeconds must be more than 0, and 3600 at most.`,
    )
  const margin = refreshBeforeSeconds * 1000
  let known: AwsCredentials | undefined
  let pending: Promise<AwsCredentials> | undefined

  const refresh = async (context: SignContext): Promise<AwsCredentials> => {
    try {
      known = checked(await inTime(timeoutSeconds, (signal) => load(sharedContext(context, signal))))
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

/** Bad credentials must not take the place of good ones. */
function checked(credentials: AwsCredentials): AwsCredentials {
  identityOf(credentials)
  const { expiration } = credentials
  const isDate = expiration instanceof Date && !Number.isNaN(expiration.getTime())
  if (isDate || (expiration ?? undefined) === undefined) return credentials
  throw new EzError(
    'EZ_CREDENTIAL_INVALID',
    `${id}: the expiration of the credentials is no valid Date. Make one of what the source gives.`,
  )
}

function isValid({ expiration }: AwsCredentials, now: Date, margin: number): boolean {
  return !expiration || expiration.getTime() - margin > now.getTime()
}

function sharedContext(context: SignContext, signal: AbortSignal): SignContext {
  const { variables } = context
  return {
    now: () => context.now(),
    nonce: () => context.nonce(),
    signal,
    ...(variables ? { variables } : {}),
  }
}

async function inTime<Value>(
  seconds: number,
  start: (signal: AbortSignal) => Value | Promise<Value>,
): Promise<Value> {
  const controller = new AbortController()
  let timer: ReturnType<typeof setTimeout> | undefined
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const error = new EzError(
        'EZ_TIMEOUT',
        `${id}: there were no credentials after ${seconds} seconds. See what their source waits for, or raise timeoutSeconds.`,
      )
      controller.abort(error)
      reject(error)
    }, seconds * 1000)
  })
  try {
    return await Promise.race([start(controller.signal), tooLate])
  } finally {
    clearTimeout(timer)
  }
}
