import { EzError, type PreRequestScript, type ProviderHost } from '@ez/core'
import {
  type AuthorizationServer,
  allowInsecureRequests,
  customFetch,
  type DeviceAuthorizationResponse,
  deviceAuthorizationRequest,
  generateRandomNonce,
  processDeviceAuthorizationResponse,
  type TokenEndpointResponse,
} from 'oauth4webapi'
import { tokenProvider, type WithCredentials } from '../options.ts'
import { clientAuthentication } from '../secret-client.ts'
import { oddServerOf } from '../token/odd-server.ts'
import { isLoopback, requestToken } from '../token/token-request.ts'
import { discover } from './discovery.ts'
import { keepLogin, type LoggedIn, type LoginPerson, type LoginProvider } from './login.ts'
import { checkLogin, type LoginOptions, loginSchema } from './login-options.ts'
import { loginStep } from './login-step.ts'
import { loginKey } from './stored-login.ts'

const id = 'device-code'
const grant = 'urn:ietf:params:oauth:grant-type:device_code'

/** Options of {@link deviceCode}. */
export interface DeviceCodeOptions extends LoginOptions {
  /** Of a server without discovery. */
  readonly deviceAuthorizationEndpoint?: string
}

/**
 * The token of a person who logged in by `ez login` on another device; refreshed from the store.
 *
 * Source: RFC 8628.
 *
 * @throws EZ_OPTION_INVALID when it is created
 * @throws EZ_LOGIN_REQUIRED, EZ_NOT_ALLOWED, EZ_HOST_NOT_ALLOWED, EZ_TOKEN_REFUSED, EZ_TOKEN_UNREACHABLE, EZ_TOKEN_RESPONSE_INVALID, EZ_TOKEN_STORE_FAILED, EZ_TOKEN_LOCKED, EZ_TOKEN_REFRESH_UNFINISHED when it runs
 *
 * @example
 * ```ts
 * import { memoryStore } from '@ez/oauth2'
 * import { deviceCode } from '@ez/oauth2/device-code'
 *
 * const token = deviceCode({
 *   issuer: 'https://accounts.example.com',
 *   clientId: 'my-client',
 *   scope: 'offline_access orders.read',
 *   store: memoryStore(), // where the login was kept
 * })
 * ```
 */
export function deviceCode(
  options: WithCredentials<DeviceCodeOptions>,
  host?: ProviderHost,
): PreRequestScript {
  return loginStep<DeviceCodeOptions>(id, check, options, host)
}

const check = (options: DeviceCodeOptions): void => checkLogin(id, options, 'deviceAuthorizationEndpoint', {})

async function login(
  options: DeviceCodeOptions,
  person: LoginPerson,
  host: ProviderHost,
  hosts: readonly string[],
): Promise<LoggedIn> {
  check(options)
  const { issuer } = options
  const found = issuer === undefined ? undefined : await discover(id, issuer, person)
  const deviceEndpoint = options.deviceAuthorizationEndpoint ?? found?.device_authorization_endpoint
  const tokenEndpoint = options.tokenEndpoint ?? found?.token_endpoint
  if (deviceEndpoint === undefined || tokenEndpoint === undefined)
    throw new EzError(
      'EZ_OPTION_INVALID',
      `${id}: the issuer's metadata name no device authorization endpoint or no token endpoint. Give deviceAuthorizationEndpoint and tokenEndpoint.`,
    )
  const server: AuthorizationServer = {
    ...(found ?? { issuer: new URL(tokenEndpoint).origin }),
    token_endpoint: tokenEndpoint,
    device_authorization_endpoint: deviceEndpoint,
  }
  const device = await askForCode(options, server, tokenEndpoint, person)
  await person.visit(device.verification_uri_complete ?? device.verification_uri, device.user_code)
  const response = await poll(options, device, tokenEndpoint, person)
  return keepLogin(id, options, { response, tokenEndpoint }, person, host, hosts)
}

const attempt = (person: LoginPerson): { now(): Date; nonce(): string } => ({
  now: () => person.now(),
  nonce: generateRandomNonce,
})

async function askForCode(
  options: DeviceCodeOptions,
  server: AuthorizationServer,
  tokenEndpoint: string,
  person: LoginPerson,
): Promise<DeviceAuthorizationResponse> {
  const client = { client_id: options.clientId }
  const { scope, extraParameters } = options
  try {
    const response = await deviceAuthorizationRequest(
      server,
      client,
      await clientAuthentication(id, options, tokenEndpoint, attempt(person)),
      { ...extraParameters, ...(scope !== undefined && { scope }) },
      {
        [customFetch]: (url: string, init: object) => person.fetch(url, init as RequestInit),
        [allowInsecureRequests]: isLoopback(server.device_authorization_endpoint as string),
        signal: person.signal,
      },
    )
    return await processDeviceAuthorizationResponse(server, client, response)
  } catch (cause) {
    if (EzError.isInstance(cause)) throw cause
    const { error } = cause as { error?: unknown }
    const code = typeof error === 'string' && /^[\w.:/-]{1,80}$/.test(error) ? error : undefined
    throw new EzError(
      'EZ_TOKEN_REFUSED',
      `${id}: the device authorization endpoint gave no code${code === undefined ? '' : `: ${code}`}. Check the endpoint, the client and that it may use this grant.`,
    )
  }
}

/** Asks for the token until the person has answered. Source: RFC 8628 section 3.5. */
async function poll(
  options: DeviceCodeOptions,
  device: DeviceAuthorizationResponse,
  tokenEndpoint: string,
  person: LoginPerson,
): Promise<TokenEndpointResponse> {
  let seconds = device.interval ?? 5
  const until = performance.now() + device.expires_in * 1000
  for (;;) {
    await wait(seconds * 1000, person.signal)
    if (performance.now() > until || person.signal.aborted)
      throw new EzError('EZ_LOGIN_REQUIRED', `${id}: nobody logged in before the time was over. Try again.`)
    try {
      return await requestToken(
        id,
        {
          grant,
          endpoint: tokenEndpoint,
          clientId: options.clientId,
          authenticate: await clientAuthentication(id, options, tokenEndpoint, attempt(person)),
          parameters: { device_code: device.device_code },
          odd: oddServerOf(options),
        },
        person.fetch,
        person.signal,
      )
    } catch (error) {
      const code = EzError.isInstance(error) ? error.details.oauthError : undefined
      if (code === 'slow_down') seconds += 5
      else if (code === 'access_denied')
        throw new EzError('EZ_LOGIN_REFUSED', `${id}: the person refused the login.`)
      else if (code !== 'authorization_pending') throw error
    }
  }
}

function wait(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer)
      resolve()
    }
    const timer = setTimeout(done, milliseconds)
    signal.addEventListener('abort', done, { once: true })
  })
}

/** `use: '@ez/oauth2/device-code'` in a request file. */
export const provider: LoginProvider<DeviceCodeOptions> = {
  ...tokenProvider<DeviceCodeOptions>(id, deviceCode, ['clientId'], {
    ...loginSchema,
    deviceAuthorizationEndpoint: {
      type: 'string',
      format: 'uri',
      description: 'Of a server without discovery',
    },
  }),
  create: deviceCode,
  login,
  loginKey: (options, host) => loginKey(id, options, host.file),
}
