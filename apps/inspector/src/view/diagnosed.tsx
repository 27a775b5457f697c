import type { Finding } from '../analysis/diagnosis.ts'
import { type Piece, visible } from '../read/marks.ts'
import { Copy } from './copy.tsx'

/** What a refusal means, and the characters that differ. */
export function Diagnosed({ finding }: { finding: Finding }) {
  const { diagnosis, differences, status, secret } = finding
  return (
    <section class="finding" aria-label="Diagnosis">
      <h2>
        {status}: {diagnosis?.cause.replaceAll('-', ' ') ?? 'not known'}
      </h2>
      <p class="message">
        {diagnosis?.message ??
          'Nothing here knows what this answer means. Below is what was signed: compare it with what the service documents.'}
      </p>
      {diagnosis && <Copy text={() => diagnosis.message} what="the diagnosis" />}
      {diagnosis?.clockOffsetMs !== undefined && (
        <p>The clocks differ by {diagnosis.clockOffsetMs / 1000} seconds.</p>
      )}
      {diagnosis?.retryAfterMs !== undefined && (
        <p>The server asks to wait {diagnosis.retryAfterMs / 1000} seconds.</p>
      )}
      {differences.map(({ stage, line, expected, signed }) => (
        <figure class="difference" key={`${stage}-${line}`}>
          <figcaption>
            {stage.replaceAll('-', ' ')}, line {line}
          </figcaption>
          <p>
            <span class="side">server expected</span>
            <Pieces pieces={expected} />
          </p>
          <p>
            <span class="side">was signed</span>
            <Pieces pieces={signed} />
          </p>
        </figure>
      ))}
      {secret && <p class={secret.isRight ? 'message good' : 'message'}>{secret.message}</p>}
    </section>
  )
}

function Pieces({ pieces }: { pieces: readonly Piece[] }) {
  if (pieces.length === 0) return <i>(empty line)</i>
  return (
    <code>
      {pieces.map(({ text, differs }, index) =>
        differs ? <mark key={`${index}-${text}`}>{visible(text, true)}</mark> : visible(text),
      )}
    </code>
  )
}
