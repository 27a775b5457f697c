import type { PreparedRequest } from '@ez/core'
import * as signature from '@ez/signature'
import { verifySignature } from '@ez/signature/verify'
import type { Adapter, Options } from './adapter.ts'
import { describedAdapter } from './described-adapter.ts'

// The description stands in the options, under `describe`.
function adapterOf({ describe, ...rest }: Options): { adapter: Adapter; options: Options } {
  const description = (describe ?? {}) as signature.SignatureDescription
  const provider = signature.defineSignature(description)
  const adapter = describedAdapter({
    id: description.id,
    title: description.id,
    module: { provider, description },
    verify: verifySignature(description),
    told: Object.keys(description.options ?? {}),
  })
  return { adapter, options: (rest.options ?? {}) as Options }
}

/** A signature that is described in the request file itself, or in the options. */
export const declaredAdapter: Adapter = {
  id: 'signature',
  title: 'A signature that you describe (describe, options)',
  use: '@ez/signature',
  module: signature,
  provider: signature.provider as never,
  nobody: () => ({}),
  verify(prepared: PreparedRequest, given, now) {
    const { adapter, options } = adapterOf(given)
    return adapter.verify(
      prepared,
      Object.keys(options).length === 0 ? adapter.nobody(prepared) : options,
      now,
    )
  },
  keySteps: () => ['signature = as the description says, under "signature"'],
}
