import type { Signer, SignResult } from '../contract/step.ts'
import { signRequest } from '../prepare.ts'
import { codedError, ensure } from './compare.ts'
import type { VectorCheck } from './seal.ts'
import { tamperings } from './tamper.ts'
import { contextOf, requestOf } from './vector.ts'

/** Sign, verify, tamper. */
export const verified: VectorCheck = {
  title: 'verifies, and no longer once it is tampered with',
  async run(subject, vector) {
    const verify = subject.options.verify as NonNullable<typeof subject.options.verify>
    const signer = subject.signer(vector)
    // The trace of what is sealed is masked, and another signature may differ.
    const results: SignResult[] = []
    const { now, nonce } = contextOf(vector)
    const sign: Signer['sign'] = async (request, context) => {
      const result = await signer.sign(request, context)
      results.push(result)
      return result
    }
    const recorded: Signer = {
      specVersion: signer.specVersion,
      id: signer.id,
      writes: signer.writes,
      canonicalUrl: (url) => signer.canonicalUrl?.(url) ?? url,
      sign,
    }
    const signed = await signRequest(requestOf(vector), [recorded], { clock: now, nonce })
    await verify(signed, vector)
    const written = results.at(-1) as SignResult
    const signature = written.trace.find(({ id }) => id === 'signature')?.value
    for (const { title, part, request } of tamperings(
      signed,
      Object.keys(written.patch.headers),
      signature,
    )) {
      const covered = part === undefined || subject.covers(vector, part)
      // Other headers are the scheme's own business.
      if (!covered && part.startsWith('header:')) continue
      const refused = await codedError(() => verify(request, vector), `${vector.title}, ${title}`)
      ensure(
        covered === (refused !== undefined),
        `${vector.title}: ${title} was ${covered ? 'accepted' : `refused (${refused?.code}), and the signature does not cover it`}.`,
      )
    }
  },
}
