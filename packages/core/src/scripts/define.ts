import { EzError } from '../base/error.ts'
import { isThenable, quietly } from '../base/promises.ts'
import { reveal, Secret, secretsIn } from '../base/secret.ts'
import type { StandardResult, StandardSchema } from '../contract/standard-schema.ts'
import type { EditableRequest, PreRequestScript, ScriptContext } from '../contract/step.ts'
import { Mask } from '../masking/mask.ts'

/** A reusable script: what it is called, what it takes, what it does. */
export interface ScriptDefinition<Input, Output> {
  /** Names the script in the trace and in errors. */
  readonly id: string
  /** Checks and completes the parameters when the script is created. */
  readonly parameters: StandardSchema<Input, Output>
  /** As in a `PreRequestScript`, with the checked parameters. */
  run(request: EditableRequest, context: ScriptContext, parameters: Output): void | Promise<void>
}

/**
 * Makes a pre-request script that can be used in many requests, each with its own, validated parameters.
 *
 * Every `Secret` in the parameters is masked.
 *
 * @throws EZ_OPTION_INVALID when the parameters do not fit the schema, or the schema throws or is asynchronous
 *
 * @example
 * ```ts
 * import { definePreRequestScript, type StandardSchema } from '@ez/core'
 *
 * const parameters: StandardSchema<{ tenant: string }> = {
 *   '~standard': { version: 1, vendor: 'example', validate: (value) => ({ value: value as { tenant: string } }) },
 * }
 * const tenantHeader = definePreRequestScript({
 *   id: 'tenant-header',
 *   parameters,
 *   run: (request, _context, { tenant }) => request.headers.set('x-tenant', tenant),
 * })
 * const template = { method: 'GET', url: 'https://api.example.com/', preRequest: [tenantHeader({ tenant: 'a' })] }
 * console.log(template.preRequest.length)
 * ```
 */
export function definePreRequestScript<Input, Output>(
  definition: ScriptDefinition<Input, Output>,
): (parameters: Input) => PreRequestScript {
  const { id } = definition
  return (parameters) => {
    const result = validated(definition, parameters)
    if (result.issues) {
      const problems = result.issues.map(({ message, path }) => {
        const place = path?.map((part) => String(typeof part === 'object' ? part.key : part)).join('.')
        return place ? `${place}: ${message}` : message
      })
      // Libraries quote what they were given, and a parameter may be a secret.
      const given = new Mask(textsIn(parameters))
      throw new EzError(
        'EZ_OPTION_INVALID',
        `${id}: the parameters do not fit: ${given.apply(problems.join('; '))}.`,
      )
    }
    const { value } = result
    const secrets = secretsIn([parameters, value])
    return {
      specVersion: 1,
      id,
      run(request, context) {
        for (const secret of secrets) context.conceal(secret)
        return definition.run(request, context, value)
      },
    }
  }
}

// What a schema throws is not told: it may quote a parameter, which may be a secret.
function validated<Input, Output>(
  { id, parameters }: ScriptDefinition<Input, Output>,
  given: Input,
): StandardResult<Output> {
  try {
    const result = parameters['~standard'].validate(given)
    if (!isThenable(result)) return result
    quietly(Promise.resolve(result))
  } catch {
    // As if it were asynchronous: zod answers a transform that threw with a promise.
  }
  throw new EzError(
    'EZ_OPTION_INVALID',
    `${id}: its schema threw, or is asynchronous. Check what it does with the parameters, and let it answer at once.`,
  )
}

function textsIn(value: unknown, seen: Set<object> = new Set()): string[] {
  if (typeof value === 'string' || Secret.isInstance(value)) return [reveal(value)]
  if (typeof value === 'number' || typeof value === 'bigint') return [String(value)]
  if (typeof value !== 'object' || value === null || seen.has(value)) return []
  seen.add(value)
  return Object.values(value).flatMap((item) => textsIn(item, seen))
}
