import type { Covers } from '@ez/core/received'
import { httpText } from '../analysis/copy-as.ts'
import { visible } from '../read/marks.ts'
import { Copy } from './copy.tsx'
import type { Outcome } from './outcome.ts'

/** The signed request, and what the verifier says of it. */
export function Judged({ outcome: { explanation, judgement, secret } }: { outcome: Outcome }) {
  const subject = explanation?.subject
  if (!subject) return null
  return (
    <>
      {judgement?.verified && (
        <section class="finding" aria-label="Verified">
          <h2>Verified</h2>
          <p class="message good">
            The signature is right. It covers {coversText(judgement.verified.covers)}.
          </p>
        </section>
      )}
      {judgement?.refusal && (
        <section class="finding" aria-label="Refused">
          <h2>Refused</h2>
          <p class="message">{secret?.message || judgement.refusal.message}</p>
          <p>
            <small>{judgement.refusal.code}</small>
          </p>
        </section>
      )}
      {!judgement && (
        <p class="quiet">
          Give the secret to verify this request, or a request file with a signer to sign one.
        </p>
      )}
      {subject.options && (
        <section aria-label="The signed request">
          <h2>
            The signed request <Copy text={() => httpText(subject.prepared)} what="the signed request" />
          </h2>
          <pre>
            {httpText(subject.prepared)
              .split('\n')
              .map((line) => visible(line))
              .join('\n')}
          </pre>
        </section>
      )}
    </>
  )
}

function coversText({ method, host, path, query, headers, body }: Covers): string {
  const parts = [
    method && 'the method',
    host && 'the host',
    path && 'the path',
    query === 'all' ? 'the whole query' : query.length > 0 && `the query parameters ${query.join(', ')}`,
    headers.length > 0 && `the headers ${headers.join(', ')}`,
    body === 'all' ? 'the body' : body !== 'none' && `${body.bytes} bytes of the body`,
  ]
  const told = parts.filter((part) => part !== false)
  return `${told.join(', ') || 'nothing of the request'}${body === 'none' ? '; not the body' : ''}`
}
