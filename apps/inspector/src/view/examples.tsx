import { examples } from '../examples/examples.ts'
import { open } from './load.ts'

const groups = [...new Set(examples.map(({ group }) => group))]

/** The examples, one click each. */
export function Examples() {
  return (
    <details class="examples">
      <summary>Examples for every provider</summary>
      <div class="groups">
        {groups.map((group) => (
          <section key={group} aria-label={group}>
            <h2>{group}</h2>
            <ul>
              {examples
                .filter((example) => example.group === group)
                .map((example) => (
                  <li key={example.id}>
                    <button
                      type="button"
                      class="link"
                      data-example={example.id}
                      onClick={() => open(example)}
                    >
                      {example.title}
                    </button>{' '}
                    <small>{example.source}</small>
                  </li>
                ))}
            </ul>
          </section>
        ))}
      </div>
    </details>
  )
}
