import type { Signer } from '@ez/core'
import { createSigner } from './create-signer.ts'
import { type AwsSigV4Options, resolveOptions } from './options.ts'
import { hmacScheme } from './scheme.ts'

/** Options of this entry: those of the whole package without presigning and chunks. */
export interface AwsSigV4HeaderOptions
  extends Omit<
    AwsSigV4Options,
    'placement' | 'expiresIn' | 'payload' | 'chunkSize' | 'checksum' | 'sessionTokenName'
  > {
  /** How the body is signed: by its hash (default), or not at all. */
  readonly payload?: 'hash' | 'unsigned'
}

/**
 * The signer of the package's main entry for header signatures alone, in a smaller bundle.
 *
 * @throws EZ_OPTION_INVALID, EZ_CREDENTIAL_MISSING; when signing also EZ_BODY_UNSIGNABLE,
 * EZ_URL_NOT_SENDABLE, EZ_CLOCK_INVALID
 *
 * @example
 * ```ts
 * import { awsSigV4 } from '@ez/aws-sigv4/header'
 *
 * const signer = awsSigV4({
 *   service: 'execute-api',
 *   region: 'us-east-1',
 *   credentials: {
 *     accessKeyId: 'AKIDEXAMPLE',
 *     secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
 *   },
 * })
 * ```
 */
export function awsSigV4(options: AwsSigV4HeaderOptions): Signer {
  const settings = resolveOptions('aws-sigv4', options)
  return createSigner('aws-sigv4', settings, hmacScheme(settings), {})
}
