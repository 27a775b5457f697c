import type { PostmanChange, PostmanScope } from './types.ts'

type Scopes = Readonly<Record<PostmanScope, Readonly<Record<string, unknown>>>>

/** What scripts of Postman have set so far, by scope: of one attempt, or of a run whose requests share them. */
export class PostmanValues {
  readonly #scopes: Record<PostmanScope, Map<string, unknown>> = {
    variables: new Map(),
    iterationData: new Map(),
    environment: new Map(),
    collectionVariables: new Map(),
    globals: new Map(),
  }
  readonly #removed = new Set<string>()

  /** The values by scope. */
  get scopes(): Scopes {
    return Object.fromEntries(
      Object.entries(this.#scopes).map(([scope, values]) => [scope, Object.fromEntries(values)]),
    ) as unknown as Scopes
  }

  /** Names that scripts unset, and that variables of the same name do not stand in for any more. */
  get removed(): ReadonlySet<string> {
    return this.#removed
  }

  /** Does again what scripts did, in order. */
  apply(changes: readonly PostmanChange[]): void {
    for (const { scope, name, ...change } of changes) {
      if ('value' in change) this.#scopes[scope].set(name, change.value)
      else {
        this.#scopes[scope].delete(name)
        this.#removed.add(name)
      }
    }
  }

  /** What a template finds under each name: Postman's nearest scope wins, and data of a row over the environment. */
  literals(data: Readonly<Record<string, unknown>> = {}): Map<string, unknown> {
    const { variables, environment, collectionVariables, globals } = this.#scopes
    const found = new Map([...globals, ...collectionVariables, ...environment])
    for (const name of Object.keys(data)) found.delete(name)
    for (const [name, value] of variables) found.set(name, value)
    return found
  }
}
