import type { Explanation, Line, Stage } from '../analysis/explain.ts'
import { visible } from '../read/marks.ts'
import { Copy } from './copy.tsx'
import { pointed } from './state.ts'

/** Each part of the authorization, each stage line by line, and the request that they come from. */
export function Explained({ explanation }: { explanation: Explanation }) {
  const { authorization, parts, stages, keySteps, problem } = explanation
  return (
    <>
      {authorization.length > 0 && (
        <section aria-label="Authorization">
          <h2>What authorizes it</h2>
          <dl class="parts">
            {authorization.map(({ name, value, meaning }, index) => (
              <div key={`${index}-${name}`}>
                <dt>{name}</dt>
                <dd>
                  <code>{visible(value)}</code>
                  {meaning !== '' && <small>{meaning}</small>}
                </dd>
              </div>
            ))}
          </dl>
        </section>
      )}
      {problem && <p class="problem">{problem.message}</p>}
      {stages.map((stage) => (
        <StageView key={stage.id} stage={stage} />
      ))}
      {keySteps.length > 0 && (
        <section aria-label="From the secret to the signature">
          <h2>From the secret to the signature</h2>
          <ol class="steps">
            {keySteps.map((step) => (
              <li key={step}>
                <code>{step}</code>
              </li>
            ))}
          </ol>
        </section>
      )}
      <section aria-label="The request as it is sent">
        <h2>The request as it is sent</h2>
        <dl class="parts request">
          {parts.map(({ id, name, value }, index) => (
            <div
              key={`${index}-${id}`}
              id={`part-${index}`}
              data-part={id}
              tabIndex={-1}
              class={pointed.value === id ? 'pointed' : ''}
            >
              <dt>{name}</dt>
              <dd>
                <code>{visible(value)}</code>
              </dd>
            </div>
          ))}
        </dl>
      </section>
    </>
  )
}

function StageView({ stage }: { stage: Stage }) {
  const title = stage.id.replaceAll('-', ' ')
  return (
    <section aria-label={title}>
      <h2>
        {title} <Copy text={() => stage.text} what={`the ${title}`} />
      </h2>
      <ol class="stage">
        {stage.lines.map((line, index) => (
          <LineView key={`${index}-${line.text}`} line={line} />
        ))}
      </ol>
    </section>
  )
}

function LineView({ line: { name, text, from } }: { line: Line }) {
  const shown = text === '' ? <i>(empty)</i> : <code>{visible(text)}</code>
  return (
    <li>
      <span class="name">{name}</span>
      {shown}
      {from !== undefined && (
        <button
          type="button"
          class="from"
          onClick={() => show(from)}
          aria-label={`Show where "${name || text}" comes from: ${from}`}
        >
          {from.replace(':', ' ')}
        </button>
      )}
    </li>
  )
}

function show(from: string): void {
  pointed.value = from
  const part = [...document.querySelectorAll<HTMLElement>('[data-part]')].find(
    ({ dataset }) => dataset.part === from,
  )
  part?.focus()
}
