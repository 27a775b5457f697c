import {
  EzError,
  type PrepareContext,
  type PreparedRequest,
  type PreRequestScript,
  prepare,
  type Signer,
  secret,
} from '@ez/core'
import { isSecretName, type RequestValue, templateOf } from '@ez/request-file'
import type { Adapter, Options } from '../schemes/adapter.ts'
import { adapterFor } from '../schemes/adapters.ts'

/** What is pinned of a request that is signed here. */
export interface Pinned {
  readonly at?: Date
  readonly nonce?: string
}

/** A request that the page signed. */
export interface OwnRequest {
  readonly prepared: PreparedRequest
  readonly steps: readonly (Signer | PreRequestScript)[]
  /** The scheme of its signer, and the options that it was given. */
  readonly signer?: { readonly adapter: Adapter; readonly options: Options }
}

/**
 * Prepares a request by its own steps, as `ez sign` does, with nothing but what stands in it.
 *
 * @throws EZ_STEP_BLOCKED, EZ_PROVIDER_MISSING, EZ_OPTION_INVALID, EZ_VARIABLE_MISSING and the codes of `prepare`
 */
export async function prepareOwn(request: RequestValue, { at, nonce }: Pinned): Promise<OwnRequest> {
  const hidden = new Set(request.secrets ?? [])
  const variables = Object.fromEntries(
    Object.entries(request.variables ?? {}).map(([name, value]) => [
      name,
      typeof value === 'string' &&
      value !== '' &&
      !value.includes('{{') &&
      (hidden.has(name) || isSecretName(name))
        ? secret(value)
        : value,
    ]),
  )
  const context: PrepareContext = {
    variables,
    ...(at && { clock: () => at, startedAt: at }),
    ...(nonce !== undefined && nonce !== '' && { nonce: () => nonce }),
    fetch: () =>
      Promise.reject(
        new EzError(
          'EZ_NOT_ALLOWED',
          'This page sends nothing, so that it can fetch no token. Put the token in yourself.',
        ),
      ),
  }
  const steps: (Signer | PreRequestScript)[] = []
  let signer: OwnRequest['signer']
  for (const { use, with: given, blocked, script } of request.preRequest ?? []) {
    if (blocked !== undefined)
      throw new EzError(
        'EZ_STEP_BLOCKED',
        `This request is blocked: ${blocked} Put a provider ("use") in its place.`,
      )
    if (use === undefined)
      throw new EzError(
        'EZ_PROVIDER_MISSING',
        `${script ?? 'A script'}: this page runs no scripts. Use \`ez explain\`.`,
      )
    const options = (await resolved(given ?? {}, context)) as Options
    const adapter = adapterFor(use, options)
    if (!adapter)
      throw new EzError(
        'EZ_PROVIDER_MISSING',
        `${use}: this page knows no such provider. It signs without the network.`,
      )
    steps.push(adapter.provider.create(options as never))
    signer = { adapter, options }
  }
  const prepared = await prepare({ ...templateOf(request), preRequest: steps }, context)
  return { prepared, steps, ...(signer && { signer }) }
}

// A JSON body resolves each text in it, and keeps types: core has one resolver.
async function resolved(value: unknown, context: PrepareContext): Promise<unknown> {
  if (!/\{[{%]/.test(JSON.stringify(value))) return value
  const { body } = await prepare(
    { method: 'POST', url: 'https://ez.invalid/', body: { json: value } },
    context,
  )
  return JSON.parse(new TextDecoder().decode(body as Uint8Array))
}
