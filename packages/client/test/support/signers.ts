import type { Diagnosis, PreRequestScript, ResponseSnapshot, Signer } from '@ez/core'

/** Writes when and with what nonce it signed. */
export function stampSigner(diagnose?: (response: ResponseSnapshot) => Diagnosis | undefined): Signer {
  return {
    specVersion: 1,
    id: 'stamp',
    writes: { headers: ['x-stamp', 'x-nonce'], query: [] },
    sign: (_request, context) => ({
      patch: {
        headers: { 'x-stamp': context.now().toISOString(), 'x-nonce': context.nonce() },
        query: [],
      },
      trace: [],
    }),
    ...(diagnose ? { diagnose } : {}),
  }
}

/** A token script that counts how many tokens it got. */
export function tokenScript(
  diagnose?: (response: ResponseSnapshot) => Diagnosis | undefined,
): PreRequestScript & { readonly fetched: number } {
  let fetched = 0
  let token: Promise<string> | undefined
  return {
    specVersion: 1,
    id: 'token',
    get fetched() {
      return fetched
    },
    async run(request) {
      token ??= new Promise((resolve) => {
        fetched += 1
        const value = `token-${fetched}`
        setImmediate(() => resolve(value))
      })
      request.headers.set('x-token', await token)
    },
    forget() {
      token = undefined
    },
    ...(diagnose ? { diagnose } : {}),
  }
}
