import { EzError } from '../base/error.ts'
import { quietly } from '../base/promises.ts'
import type { RuntimeValues } from '../outputs/runtime-values.ts'
import type { Variables } from '../resolve/variables.ts'
import { applyFilters, defaultOf, type Found } from '../template/filters.ts'
import { parseTemplate, type Token } from '../template/parse.ts'

const inScript = 'a script'

/** The variables and runtime values of one attempt as scripts and signers read and publish them. */
export class ScriptValues {
  readonly #variables: Variables
  readonly #runtimeValues: RuntimeValues
  #record: Readonly<Record<string, unknown>> | undefined

  constructor(variables: Variables, runtimeValues: RuntimeValues) {
    this.#variables = variables
    this.#runtimeValues = runtimeValues
  }

  /** The variables by name, each resolved when it is read. */
  get variables(): Readonly<Record<string, unknown>> {
    if (this.#record) return this.#record
    const record: Record<string, unknown> = Object.create(null)
    for (const name of this.#variables.names())
      Object.defineProperty(record, name, {
        enumerable: true,
        get: () => this.#valueOf({ kind: 'variable', path: [name], filters: [], name }),
      })
    this.#record = Object.freeze(record)
    return this.#record
  }

  /** The value of a `{{path | filter}}`. */
  lookup(path: string): unknown {
    return this.#valueOf(tokenOf(`{{${path}}}`, path))
  }

  /** The value of a `{%name | filter%}`. */
  runtime(name: string): unknown {
    const token = tokenOf(`{%${name}%}`, name)
    if (!this.#runtimeValues.knows(token)) return defaultOf(token)?.value
    const value = this.#runtimeValues.find(token, inScript)
    return copy(applyFilters(token, { value, fromData: false }, inScript, this.#variables).value)
  }

  /** @throws EZ_SCRIPT_VALUE, EZ_NAME_RESERVED, EZ_CHANGED_AFTER_READ */
  publish(name: string, value: unknown): void {
    if (typeof value === 'object') this.#variables.conceal(value)
    this.#runtimeValues.publish(name, copy(value))
  }

  #valueOf(token: Token): unknown {
    const value = (found: Found | undefined): unknown =>
      found && copy(applyFilters(token, found, inScript, this.#variables).value)
    const found = this.#variables.findForScript(token)
    return found instanceof Promise ? quietly(found.then(value)) : value(found)
  }
}

function tokenOf(text: string, path: string): Token {
  const template = parseTemplate(text, inScript)
  const [token] = template
  if (template.length !== 1 || typeof token !== 'object')
    throw new EzError('EZ_TEMPLATE_INVALID', `${inScript}: ${JSON.stringify(path)} is not a path.`)
  return token
}

/** Lists, records and dates anew, so that a script changes neither what others are given nor what it published. */
function copy(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copy)
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof Date) return new Date(value)
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, copy(item)]))
}
