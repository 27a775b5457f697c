import * as aws from '@ez/aws-sigv4'
import { provider as v4a } from '@ez/aws-sigv4/v4a'
import { verifyAwsSigV4 } from '@ez/aws-sigv4/verify'
import type { PreparedRequest } from '@ez/core'
import { EzError, headerOf } from '@ez/core'
import type { Adapter, Options } from './adapter.ts'
import { text } from './adapter.ts'

const isAsymmetric = ({ headers, url }: PreparedRequest): boolean =>
  /^AWS4-ECDSA/.test(headerOf(headers, 'authorization') ?? '') || url.includes('X-Amz-Algorithm=AWS4-ECDSA')

const version4: Adapter = {
  id: 'aws-sigv4',
  title: 'AWS Signature Version 4',
  use: '@ez/aws-sigv4',
  module: aws,
  provider: aws.provider as never,
  nobody: () => ({ credentials: { accessKeyId: 'nobody', secretAccessKey: 'nobody' } }),
  async verify(prepared, options, now) {
    if (isAsymmetric(prepared)) throw refuseAsymmetric(prepared)
    const { secretAccessKey, sessionToken } = (options.credentials ?? {}) as Options
    const { signSessionToken } = options
    return verifyAwsSigV4(prepared, {
      now,
      allowUnsignedPayload: true,
      secretFor: () =>
        sessionToken === undefined
          ? text(secretAccessKey)
          : { secretAccessKey: text(secretAccessKey), sessionToken: text(sessionToken) },
      ...(typeof signSessionToken === 'boolean' && { signSessionToken }),
    })
  },
  keySteps(stages) {
    const lines = (stages.get('string-to-sign') ?? '').split('\n')
    if (lines[0]?.startsWith('AWS4-ECDSA'))
      return [
        'key pair = derived from the secret access key and the access key id (NIST SP 800-108, P-256)',
        'signature = hex(ECDSA-SHA256(private key, string to sign)), different at every signing',
      ]
    const [day = 'day', region = 'region', service = 'service'] = (lines[2] ?? '').split('/')
    return [
      `kDate = HMAC-SHA256("AWS4" + secret access key, "${day}")`,
      `kRegion = HMAC-SHA256(kDate, "${region}")`,
      `kService = HMAC-SHA256(kRegion, "${service}")`,
      'kSigning = HMAC-SHA256(kService, "aws4_request")',
      'signature = hex(HMAC-SHA256(kSigning, string to sign))',
    ]
  },
}

// The service's own secret is a public key; only it can verify. What was signed can still be shown.
function refuseAsymmetric(prepared: PreparedRequest): EzError {
  const { canonicalRequest = '', stringToSign = '' } = aws.signedStages(prepared)
  return new EzError(
    'EZ_SIGNATURE_MISMATCH',
    'Signature Version 4A is different at every signing: only what was signed can be shown here.',
    {
      details: {
        stages: { 'canonical-request': canonicalRequest, 'string-to-sign': stringToSign },
        isOnlyShown: true,
      },
    },
  )
}

export const awsAdapters: readonly Adapter[] = [
  version4,
  {
    ...version4,
    id: 'aws-sigv4a',
    title: 'AWS Signature Version 4A',
    use: '@ez/aws-sigv4/v4a',
    provider: v4a as never,
  },
]
