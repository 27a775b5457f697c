import type { StepValue } from '../model/request-value.ts'
import type { Given } from './given.ts'

// What curl works out while it sends, and nothing here has a counterpart for.
const schemes: Readonly<Record<string, string>> = {
  ntlm: 'NTLM',
  negotiate: 'Negotiate (SPNEGO)',
  anyauth: 'the strongest scheme that the server offers',
}

/** The pre-request steps of a command. */
export interface CurlSteps {
  readonly steps: StepValue[]
  /** Whether they use what `--user` gives. */
  readonly authorized: boolean
  /** What `--user` gave and was not copied, by the variables that stand in its place. */
  readonly credentials?: Readonly<Record<string, string>>
}

/** The pre-request steps that a command asks for; `credentials` stood in its URL. */
export function readSteps(given: Given, url: string, credentials: string | undefined): CurlSteps {
  const [, user = '', password] = /^([^:]*)(?::(.*))?$/s.exec(given.last('user') ?? credentials ?? '') ?? []
  const known = (id: string, secret: string): Readonly<Record<string, string>> => ({
    ...(user !== '' && { [id]: user }),
    ...(password && { [secret]: password }),
  })
  const asked = given.last('aws-sigv4')
  if (asked !== undefined)
    return { steps: [awsStep(asked, url)], authorized: true, credentials: known('access_key', 'secret_key') }
  const scheme = given.all
    .filter(({ name }) => name === 'basic' || name === 'digest' || name in schemes)
    .at(-1)
  const authorized = scheme !== undefined && scheme.name !== 'basic'
  if (!authorized || !(given.has('user') || credentials !== undefined)) return { steps: [], authorized }
  if (scheme.name === 'digest')
    return {
      steps: [{ use: '@ez/core/steps/digest', with: { username: '{{username}}', password: '{{password}}' } }],
      authorized,
      credentials: known('username', 'password'),
    }
  return {
    steps: [
      { blocked: `curl's ${scheme.raw} asks for ${schemes[scheme.name]}. Choose a provider that signs so.` },
    ],
    authorized,
  }
}

// curl(1), --aws-sigv4 provider1[:provider2[:region[:service]]]: what is left out is read from the host,
// service.region.…, and the keys stand in --user.
function awsStep(asked: string, url: string): StepValue {
  const [first = '', second = '', region = '', service = ''] = asked.split(':')
  if (!/^(?:aws)?$/i.test(first) || !/^(?:amz|aws)?$/i.test(second === '' ? first : second))
    return {
      blocked: `curl's --aws-sigv4 "${asked}" signs for another vendor than AWS. Choose its provider.`,
    }
  const host = /^[a-z]+:\/\/([^/?#:]*)/i.exec(url)?.[1] ?? ''
  const [hostService, hostRegion] = host.split('.')
  const step = {
    service: service || hostService,
    region: region || (service === '' ? hostRegion : undefined),
  }
  if (!step.service || !step.region || !host.includes('.'))
    return {
      blocked: `curl's --aws-sigv4 "${asked}" leaves out region or service, which the host ${host} does not name.`,
    }
  const keys = { accessKeyId: '{{access_key}}', secretAccessKey: '{{secret_key}}' }
  return { use: '@ez/aws-sigv4', with: { service: step.service, region: step.region, credentials: keys } }
}
