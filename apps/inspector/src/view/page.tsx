import { Case } from './case.tsx'
import { Examples } from './examples.tsx'
import { Results } from './results.tsx'
import { said, type Use, use } from './state.ts'

const uses: Readonly<Record<Use, readonly [title: string, about: string]>> = {
  explain: ['Explain', 'What a signed request says: each part of its authorization, and what was signed.'],
  diagnose: ['Diagnose', 'Why a server refused: what it expected against what was signed, to the character.'],
  sign: [
    'Sign and verify',
    'Sign a request with example or own credentials, and verify it as a server would.',
  ],
}

/** The whole page. */
export function Page() {
  return (
    <>
      <header>
        <h1>
          <span class="mark" aria-hidden="true">
            @ez
          </span>{' '}
          inspector
        </h1>
        <p class="promise">
          Nothing leaves this page: its own policy forbids every connection, and it keeps nothing. It works
          without a network.
        </p>
        <Examples />
      </header>
      <main>
        <nav aria-label="What to do" class="uses">
          {(Object.keys(uses) as Use[]).map((one) => (
            <button
              type="button"
              key={one}
              aria-pressed={use.value === one}
              onClick={() => {
                use.value = one
              }}
            >
              {uses[one][0]}
            </button>
          ))}
        </nav>
        <p class="about">{uses[use.value][1]}</p>
        <div class="columns">
          <Case />
          <Results />
        </div>
      </main>
      <footer>
        <p role="status" aria-live="polite">
          {said.value}
        </p>
      </footer>
    </>
  )
}
