import { checkOptions, EzError } from '@ez/core'
import { cachedCredentials } from './cached-credentials.ts'
import type { AwsCredentials, CredentialSource } from './credentials.ts'

/** Options of {@link fromAws}. */
export interface FromAwsOptions {
  /** Profile of the AWS configuration files (default: `AWS_PROFILE`, else `default`). */
  readonly profile?: string
  /** Role to assume with what was found, such as `arn:aws:iam::123456789012:role/reader`. */
  readonly roleArn?: string
  /** Name of the session of that role, as it stands in logs of AWS (default: one that the SDK makes). */
  readonly roleSessionName?: string
  /** External ID that the role asks for. */
  readonly externalId?: string
  /** Seconds that the session of the role lasts, from 900 (default: that of AWS, 3600). */
  readonly durationSeconds?: number
  /** Region of the Security Token Service (default: that of environment and profile, else `us-east-1`). */
  readonly region?: string
}

type Provider = () => Promise<AwsCredentials>

/** What is used of `@aws-sdk/credential-providers`. */
interface CredentialProviders {
  fromNodeProviderChain(init: object): Provider
  fromTemporaryCredentials(init: object): Provider
}

const id = 'aws-credentials'
const library = '@aws-sdk/credential-providers'
const rules = {
  profile: 'string?',
  roleArn: 'string?',
  roleSessionName: 'string?',
  externalId: 'string?',
  durationSeconds: 'number?',
  region: 'string?',
} as const

// One for each set of options, so that a process asks once, whichever requests need them.
const sources = new Map<string, CredentialSource>()
const mostSources = 1000

/**
 * Credentials from where AWS users have them: environment, configuration files, SSO, a credential process, web identity,
 * ECS, EC2's metadata; with `roleArn`, those of a role that is assumed with them.
 *
 * They are looked for by the AWS SDK's own `@aws-sdk/credential-providers`, an optional peer (Node only), and kept until
 * five minutes before they end, once per process. Nothing is read before a request is signed.
 *
 * Source: AWS SDKs and Tools Reference Guide, "Standardized credential providers".
 *
 * @throws EZ_OPTION_INVALID; when signing EZ_PEER_MISSING, EZ_CREDENTIAL_UNAVAILABLE, EZ_TIMEOUT
 *
 * @example
 * ```ts
 * import { awsSigV4 } from '@ez/aws-sigv4'
 * import { fromAws } from '@ez/aws-sigv4/credentials'
 *
 * const credentials = fromAws({ roleArn: 'arn:aws:iam::123456789012:role/reader' })
 * const signer = awsSigV4({ service: 'execute-api', region: 'us-east-1', credentials })
 * ```
 */
export function fromAws(options: FromAwsOptions = {}): CredentialSource {
  checkOptions(id, options, rules)
  checkRole(options)
  const key = JSON.stringify(Object.keys(rules).map((name) => options[name as keyof FromAwsOptions]))
  const known = sources.get(key)
  if (known) return known
  let provider: Promise<Provider> | undefined
  const source = cachedCredentials(async () => {
    provider ??= providerOf(options)
    try {
      const { accessKeyId, secretAccessKey, sessionToken, expiration } = await (await provider)()
      return { accessKeyId, secretAccessKey, sessionToken, expiration }
    } catch (error) {
      // A library that was not there may be, at the next request.
      provider = undefined
      throw failure(error, options)
    }
  })
  if (sources.size >= mostSources) sources.delete(sources.keys().next().value as string)
  sources.set(key, source)
  return source
}

function checkRole({ roleArn, roleSessionName, externalId, durationSeconds }: FromAwsOptions): void {
  const refuse = (what: string): EzError => new EzError('EZ_OPTION_INVALID', `${id}: option ${what}.`)
  if (roleArn === undefined && (roleSessionName ?? externalId ?? durationSeconds) !== undefined)
    throw refuse('roleSessionName, externalId and durationSeconds belong to roleArn')
  if (roleArn !== undefined && !/^arn:[\w-]+:iam::\d{12}:role\/./.test(roleArn))
    throw refuse('roleArn must be the ARN of a role, such as arn:aws:iam::123456789012:role/reader')
  if (durationSeconds !== undefined && !(durationSeconds >= 900 && durationSeconds <= 43_200))
    throw refuse('durationSeconds must be from 900 to 43200')
}

async function providerOf(options: FromAwsOptions): Promise<Provider> {
  const { profile, region, roleArn, roleSessionName, externalId, durationSeconds } = options
  const { fromNodeProviderChain, fromTemporaryCredentials } = (await load(library)) as CredentialProviders
  const clientConfig = region === undefined ? {} : { clientConfig: { region } }
  const found = fromNodeProviderChain({ ...(profile !== undefined && { profile }), ...clientConfig })
  if (roleArn === undefined) return found
  return fromTemporaryCredentials({
    masterCredentials: found,
    params: {
      RoleArn: roleArn,
      ...(roleSessionName !== undefined && { RoleSessionName: roleSessionName }),
      ...(externalId !== undefined && { ExternalId: externalId }),
      ...(durationSeconds !== undefined && { DurationSeconds: durationSeconds }),
    },
    ...clientConfig,
  })
}

// The name is a value here, so that bundlers leave the library out.
async function load(name: string): Promise<unknown> {
  try {
    return await import(/* webpackIgnore: true */ /* @vite-ignore */ name)
  } catch (cause) {
    throw new EzError(
      'EZ_PEER_MISSING',
      `${id}: this machine's credentials need ${name}, which is not installed beside @ez/aws-sigv4, or cannot be loaded here. Run: npm install ${name}`,
      { details: { package: name }, cause },
    )
  }
}

const mostCharacters = 400

// The SDK's own errors tell what to do. Others may quote what was read, and what a credential process prints is its own.
function failure(error: unknown, options: FromAwsOptions): EzError {
  if (EzError.isInstance(error)) return error
  const { name, message, $metadata } = (error ?? {}) as Record<string, unknown>
  const text = String(message).replace(/\s+/g, ' ').trim().replace(/\.$/, '')
  const isSdk =
    name === 'CredentialsProviderError' || name === 'TokenProviderError' || $metadata !== undefined
  const isPlain = isSdk && !/command failed|unexpected token|not valid json/i.test(text)
  return new EzError(
    'EZ_CREDENTIAL_UNAVAILABLE',
    `${id}: there are no credentials: ${isPlain ? text.slice(0, mostCharacters) : name}. ${cureFor(options)}`,
  )
}

const cureFor = ({ profile, roleArn }: FromAwsOptions): string =>
  `Check ${roleArn === undefined ? '' : 'the role and its trust policy, and '}what ${profile === undefined ? 'environment, AWS_PROFILE and ~/.aws hold' : `~/.aws holds for the profile ${profile}`}; \`aws sts get-caller-identity\` shows what AWS's own command finds.`
