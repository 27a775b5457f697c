import { dirname } from 'node:path'
import { EzError, type PrepareContext, type PreRequestScript, Secret } from '@ez/core'
import { problemError, type SourceFile, type StepValue } from '@ez/request-file'
import { atPlace, isMissing, joinedMissing, type Place } from '../files/locate.ts'
import { type Layer, type LoadedRequest, layerOf } from '../files/request-file.ts'
import type { Grants } from '../grants.ts'
import type { TokenKeeper } from '../tokens/token-keeper.ts'
import { describing, descriptionError, descriptionFile } from './description.ts'
import { loadProvider, type MadeStep } from './load.ts'
import { bigintText, checkProviderOptions, resolveValue, secretsIn, tokensIn } from './options.ts'
import { isPostman } from './postman.ts'
import { scriptStep } from './scripts.ts'
import { isSteady, type Steady, steadyIn } from './steady.ts'

const mostSteps = 1000

/** What of the options must not be shown: values that are credentials by their key, and tokens. */
export interface Hidden {
  readonly secrets: readonly Secret[]
  readonly tokens: ReadonlySet<string>
}

/** Makes the steps of requests; one for each distinct value of `with`, so that its caches live on. */
export class StepMaker {
  readonly #grants: Grants
  readonly #tokens: TokenKeeper
  // Promises, so that rows at the same time share one too.
  readonly #made = new Map<string, Promise<MadeStep>>()
  // Of a request whose options are the same for all its rows, so that they are resolved once.
  readonly #steady = new Map<LoadedRequest, Steady & { readonly steps: MadeStep[] }>()
  // Read once, for all rows.
  readonly #described = new Map<string, Promise<SourceFile | undefined>>()

  constructor(grants: Grants, tokens: TokenKeeper) {
    this.#grants = grants
    this.#tokens = tokens
  }

  /** The steps of a request, for these variables. */
  async steps(request: LoadedRequest, context: PrepareContext): Promise<MadeStep[]> {
    const known = this.#steady.get(request)
    if (known && isSteady(known, context)) return known.steps
    const layer = layerOf(request, 'preRequest')
    const values = request.value.preRequest ?? []
    refuseBlocked(values, layer)
    const hidden = { secrets: [] as Secret[], tokens: new Set<string>() }
    const steps: MadeStep[] = []
    const missing: unknown[] = []
    for (const [index, value] of values.entries()) {
      // It runs before the pipeline, and is no step of it.
      if (isPostman(value)) continue
      const place = { source: layer.source, path: [...layer.path, 'preRequest', index] }
      try {
        steps.push(await this.#step(value, request, context, place, hidden))
      } catch (error) {
        // Missing variables are told all at once.
        if (!isMissing(error)) throw error
        missing.push(error)
      }
    }
    if (missing.length > 0) throw joinedMissing(missing)
    const all = hidden.secrets.length + hidden.tokens.size === 0 ? steps : [concealing(hidden), ...steps]
    const steady = steadyIn(values, context)
    if (steady && isSteady(steady, context)) this.#steady.set(request, { ...steady, steps: all })
    return all
  }

  async #step(
    value: StepValue,
    request: LoadedRequest,
    context: PrepareContext,
    place: Place,
    hidden: { readonly secrets: Secret[]; readonly tokens: Set<string> },
  ): Promise<MadeStep> {
    const key = value.use === undefined ? 'parameters' : 'with'
    const inner = { source: place.source, path: [...place.path, key] }
    const described = await this.#describe(value, inner)
    const resolved = await resolveValue(value[key], context, request, inner)
    const options = described ? { ...(resolved as object), describe: described.value } : resolved
    // The words of a description are no secrets, whatever they stand for.
    hidden.secrets.push(
      ...secretsIn(value.use === describing ? (resolved as { options?: unknown })?.options : options),
    )
    for (const token of tokensIn(value[key])) hidden.tokens.add(token)
    // A step's tokens belong to the file that was asked for, wherever the step itself is written.
    const files = [request.source.absolute, place.source.absolute]
    const identity = JSON.stringify([...files, { ...value, [key]: options }], bigintText)
    const known = this.#made.get(identity)
    if (known) return known
    const step = this.#make(value, options, request.source.absolute, place, inner, described)
    if (this.#made.size >= mostSteps) this.#made.delete(this.#made.keys().next().value as string)
    this.#made.set(identity, step)
    // A failure is told each time it is met.
    step.catch(() => this.#made.delete(identity))
    return step
  }

  #describe(value: StepValue, inner: Place): Promise<SourceFile | undefined> {
    const { describe } = (value.with ?? {}) as { describe?: unknown }
    if (value.use !== describing || typeof describe !== 'string') return Promise.resolve(undefined)
    const key = JSON.stringify([inner.source.absolute, describe], bigintText)
    const known = this.#described.get(key) ?? descriptionFile(value, inner, this.#grants)
    this.#described.set(key, known)
    return known
  }

  async #make(
    value: StepValue,
    options: unknown,
    file: string,
    place: Place,
    inner: Place,
    described: SourceFile | undefined,
  ): Promise<MadeStep> {
    const { use } = value
    const folder = dirname(file)
    const named = (key: string): Place => ({ source: place.source, path: [...place.path, key] })
    if (use === undefined)
      return atPlace(named('script'), () =>
        scriptStep(value, options, place.source.absolute, folder, this.#grants),
      )
    const provider = await atPlace(named('use'), () => loadProvider(use, folder, this.#grants))
    const at = place.source.has(inner.path) ? inner : place
    await checkProviderOptions(provider.options, options, use, at)
    try {
      return provider.create(options ?? {}, this.#tokens.host(file, place.source.absolute))
    } catch (error) {
      if (!EzError.isInstance(error)) throw error
      if (use === describing && error.details.place !== undefined)
        throw descriptionError(
          error,
          described ? { source: described, path: [] } : { ...inner, path: [...inner.path, 'describe'] },
        )
      throw problemError([at.source.problem(at.path, error.message)], error.code, error)
    }
  }
}

// Before anything is resolved: what else is missing does not matter for a request that must not be sent.
function refuseBlocked(values: readonly StepValue[], layer: Layer): void {
  const problems = values.flatMap(({ blocked }, index) =>
    blocked === undefined
      ? []
      : [
          layer.source.problem(
            [...layer.path, 'preRequest', index, 'blocked'],
            `this request is blocked: ${blocked} Put a provider ("use") or a script in its place.`,
          ),
        ],
  )
  if (problems.length > 0) throw problemError(problems, 'EZ_STEP_BLOCKED')
}

/** Lets a request's mask know secrets that are resolved apart from it: those of options, and of what is expected. */
export function concealing({ secrets, tokens }: Hidden): PreRequestScript {
  return {
    specVersion: 1,
    id: 'options',
    run: async (_request, { conceal, lookup }) => {
      for (const value of secrets) conceal(value)
      for (const token of tokens) {
        const value = await lookup(token)
        if (Secret.isInstance(value)) conceal(value)
      }
    },
  }
}
