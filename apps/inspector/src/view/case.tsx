import { inputKinds } from '../read/read-input.ts'
import { adapters } from '../schemes/adapters.ts'
import { Editor } from './editor.tsx'
import { FieldsForm } from './fields-form.tsx'
import { outcome } from './outcome.ts'
import * as state from './state.ts'

const placeholder = {
  request: 'Paste a cURL command, raw HTTP, a Request as JSON or an ez request file.',
  answer: 'Paste what the server answered: XML, JSON, or the whole answer with its headers (curl -i).',
  credentials:
    'Optional. Options of the scheme as in a request file, such as: credentials: { accessKeyId: …, secretAccessKey: … }. They stay in memory.',
}

/** What is pasted and chosen. */
export function Case() {
  const { problems, input, explanation } = outcome.value
  const kind = input ? inputKinds[input.kind] : ''
  return (
    <section class="case" aria-label="What you have">
      <h2>The request</h2>
      <div class="row">
        <label>
          Read as{' '}
          <select
            value={state.kind.value}
            onChange={({ currentTarget }) => {
              state.kind.value = currentTarget.value as typeof state.kind.value
            }}
          >
            <option value="auto">found by itself</option>
            {Object.entries(inputKinds).map(([id, title]) => (
              <option value={id} key={id}>
                {title}
              </option>
            ))}
            <option value="fields">fields</option>
          </select>
        </label>
        <label>
          Scheme{' '}
          <select
            value={state.scheme.value}
            onChange={({ currentTarget }) => {
              state.scheme.value = currentTarget.value
            }}
          >
            <option value="">found by itself</option>
            {adapters.map(({ id, title }) => (
              <option value={id} key={id}>
                {title}
              </option>
            ))}
          </select>
        </label>
      </div>
      {state.kind.value === 'fields' ? (
        <FieldsForm />
      ) : (
        <Editor
          id="request"
          label="The request"
          text={state.request}
          language="request"
          describedBy="request-told"
          invalid={problems.request !== undefined}
        />
      )}
      <Told id="request-told" problem={problems.request}>
        {explanation
          ? `Read as ${kind}, signed by: ${explanation.subject.title}.${input?.others ? ` ${input.others} more in the text are passed over.` : ''}`
          : placeholder.request}
      </Told>
      {input?.imported.notes.map((note) => (
        <p class="note" key={note}>
          {note}
        </p>
      ))}
      {state.use.value === 'diagnose' && (
        <>
          <h2>The server's answer</h2>
          <Editor
            id="answer"
            label="The server's answer"
            text={state.answer}
            language="answer"
            describedBy="answer-told"
            invalid={problems.answer !== undefined}
          />
          <Told id="answer-told" problem={problems.answer}>
            {placeholder.answer}
          </Told>
          <Field label="Status, where only the body was pasted" text={state.status} hint="403" />
        </>
      )}
      {state.use.value !== 'explain' || state.scheme.value === 'signature' ? (
        <>
          <h2>The secret</h2>
          <Editor
            id="credentials"
            label="The secret: options of the scheme"
            text={state.credentials}
            language="yaml"
            describedBy="credentials-told"
            invalid={problems.credentials !== undefined}
          />
          <Told id="credentials-told" problem={problems.credentials}>
            {placeholder.credentials}
          </Told>
        </>
      ) : null}
      <div class="row">
        <Field label="Clock" text={state.at} hint="2026-01-15T12:36:00Z" problem={problems.at} />
        <Field label="Nonce" text={state.nonce} hint="as it comes" />
      </div>
    </section>
  )
}

function Told({ id, problem, children }: { id: string; problem: string | undefined; children: string }) {
  return (
    <p id={id} class={problem === undefined ? 'told' : 'told problem'}>
      {problem === undefined ? children : problem}
    </p>
  )
}

function Field({
  label,
  text,
  hint,
  problem,
}: {
  label: string
  text: typeof state.at
  hint: string
  problem?: string | undefined
}) {
  return (
    <label class="field">
      {label}
      <input
        type="text"
        value={text.value}
        placeholder={hint}
        autocomplete="off"
        spellcheck={false}
        aria-invalid={problem !== undefined}
        onInput={({ currentTarget }) => {
          text.value = currentTarget.value
        }}
      />
      {problem !== undefined && <span class="problem">{problem}</span>}
    </label>
  )
}
