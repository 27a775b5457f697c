import type { Provider } from '../contract/step.ts'
import { ensure } from './compare.ts'
import { type Subject, valueAt } from './subject.ts'
import type { Vector } from './vector.ts'

/** The signer shows stages, and each of them stands in at least one vector. */
export async function checkStages(subject: Subject): Promise<void> {
  const known = new Set(subject.vectors.flatMap(({ stages }) => Object.keys(stages)))
  ensure(known.size > 0, 'No vector has a stage: what is signed would be hidden. Show it in the trace.')
  for (const vector of subject.vectors)
    for (const { id } of (await subject.sign(vector)).trace)
      ensure(known.has(id), `The stage ${id} stands in no vector. Add its text to one.`)
}

/** A path that leads nowhere would let a secret pass: each one gives a value in some vector. */
export function checkPaths({ vectors, options: { credentials }, secrets }: Subject): void {
  for (const path of new Set([...credentials, ...secrets]))
    ensure(
      vectors.some(({ options }) => valueAt(options, path) !== undefined),
      `No vector has the option ${path}, which is named as a credential or secret.`,
    )
}

/** The provider's id is the signer's, and its JSON Schema knows every option that vectors use. */
export async function checkProvider(provider: Provider<never>, vectors: readonly Vector[]): Promise<void> {
  const schema = provider.options as { type?: unknown; properties?: Record<string, unknown> }
  ensure(schema.type === 'object', `${provider.id}: options must be a JSON Schema of the type object.`)
  for (const { title, options } of vectors) {
    const { id } = provider.create(options as never)
    ensure(id === provider.id, `${provider.id}: the signer has another id, ${id}.`)
    for (const name of Object.keys(options))
      ensure(
        Object.hasOwn(schema.properties ?? {}, name),
        `${title}: the provider's JSON Schema has no option ${name}.`,
      )
  }
}
