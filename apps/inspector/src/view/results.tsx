import { parse } from 'yaml'
import { type CopyForm, copyForms, copyText } from '../analysis/copy-as.ts'
import { fragmentOf } from '../analysis/share.ts'
import { Copy } from './copy.tsx'
import { Diagnosed } from './diagnosed.tsx'
import { Explained } from './explained.tsx'
import { Judged } from './judged.tsx'
import { isWorking, type Outcome, outcome } from './outcome.ts'
import * as state from './state.ts'

/** What the page makes of the case. */
export function Results() {
  const found = outcome.value
  const { explanation, finding, input } = found
  return (
    <section class="results" aria-label="What it says" aria-busy={isWorking.value}>
      {!explanation && <Nothing hasProblem={Object.keys(found.problems).length > 0} />}
      {state.use.value === 'diagnose' && finding && <Diagnosed finding={finding} />}
      {state.use.value === 'diagnose' && explanation && !finding && (
        <p class="quiet">
          Paste the server's answer to see what it means. Until then, this is what was signed.
        </p>
      )}
      {state.use.value === 'sign' && explanation && <Judged outcome={found} />}
      {explanation && <Explained explanation={explanation} />}
      {explanation && input && (
        <fieldset class="row tools" aria-label="Take it along">
          <span>Copy as</span>
          {(Object.keys(copyForms) as CopyForm[]).map((form) => (
            <Copy
              key={form}
              what={`the request as ${copyForms[form]}`}
              text={() => copyText(form, explanation.subject, input, state.answer.value !== '')}
            >
              {copyForms[form]}
            </Copy>
          ))}
          <Copy what="a link to this case, without signatures" text={() => linkOf(found)}>
            Share link
          </Copy>
        </fieldset>
      )}
    </section>
  )
}

function Nothing({ hasProblem }: { hasProblem: boolean }) {
  return (
    <p class="quiet">
      {hasProblem
        ? 'The request cannot be read yet: what is wrong stands under its field.'
        : 'Paste a request on the left, or open an example.'}
    </p>
  )
}

function linkOf({ explanation }: Outcome): string {
  const given =
    state.credentials.value.trim() === ''
      ? undefined
      : (parse(state.credentials.value) as Record<string, unknown>)
  const { use, request, answer, at, nonce } = state
  const fragment = fragmentOf(
    {
      use: use.value,
      request: request.value,
      ...(answer.value !== '' && { answer: answer.value }),
      ...(at.value !== '' && { at: at.value }),
      ...(nonce.value !== '' && { nonce: nonce.value }),
    },
    explanation?.subject,
    given,
  )
  return `${location.href.split('#', 1)[0]}#${fragment}`
}
