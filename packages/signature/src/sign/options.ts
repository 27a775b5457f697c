import {
  checkOptions,
  EzError,
  type MaybePromise,
  reveal,
  Secret,
  type SignContext,
  whenReady,
} from '@ez/core'
import type { OptionInfo } from '../compile/scope.ts'

/** Options as texts and lists, and what of them nobody may see. */
export interface Resolved {
  readonly values: Readonly<Record<string, string | readonly string[]>>
  readonly secrets: readonly string[]
}

/** Gives the options of one signature. */
export type ResolveOptions = (context: SignContext | undefined) => MaybePromise<Resolved>

const ruleOf = ({ kind, optional, oneOf }: OptionInfo): string => {
  const rule = {
    list: 'array',
    text: oneOf ? oneOf.map((one) => `'${one}'`).join('|') : optional ? 'text|number' : 'string|number',
    credential: 'secret|function',
    token: 'secret|function',
    secret: 'secret|function',
  }[kind]
  return optional ? `${rule}?` : rule
}

/** Checks options by their rules. @throws EZ_OPTION_INVALID, EZ_CREDENTIAL_MISSING */
export function prepareOptions(
  id: string,
  infos: ReadonlyMap<string, OptionInfo>,
  options: unknown,
): ResolveOptions {
  checkOptions(id, options, Object.fromEntries([...infos].map(([name, info]) => [name, ruleOf(info)])))
  const given = options as Readonly<Record<string, unknown>>
  const isFunction = [...infos.keys()].some((name) => typeof given[name] === 'function')
  if (!isFunction) {
    const resolved = resolve(id, infos, given)
    return () => resolved
  }
  return (context) => {
    const called = [...infos.keys()].map((name): [string, unknown] => [
      name,
      typeof given[name] === 'function'
        ? (given[name] as (context: unknown) => unknown)(context)
        : given[name],
    ])
    const isPending = called.some(([, value]) => isThenable(value))
    return whenReady(
      isPending ? Promise.all(called.map(async ([name, value]) => [name, await value] as const)) : called,
      (all) => resolve(id, infos, Object.fromEntries(all)),
    )
  }
}

const isThenable = (value: unknown): boolean =>
  typeof (value as { then?: unknown } | null | undefined)?.then === 'function'

function resolve(
  id: string,
  infos: ReadonlyMap<string, OptionInfo>,
  given: Readonly<Record<string, unknown>>,
): Resolved {
  const values: Record<string, string | readonly string[]> = Object.create(null)
  const secrets: string[] = []
  for (const [name, { kind, optional, fallback }] of infos) {
    const value = given[name]
    if (kind === 'list') {
      const list = (value ?? fallback ?? []) as readonly unknown[]
      if (!list.every((one) => typeof one === 'string' && one !== ''))
        throw new EzError('EZ_OPTION_INVALID', `${id}: option ${name} must hold texts.`)
      values[name] = list as readonly string[]
      continue
    }
    const isCredential = kind !== 'text'
    if (isCredential && !optional && (typeof value !== 'string' || value === '') && !isSecret(value))
      throw new EzError(
        'EZ_CREDENTIAL_MISSING',
        `${id}: ${name} is required. Set it or bind it to a variable.`,
      )
    const text = value === undefined || value === null ? ((fallback as string) ?? '') : textOf(value)
    values[name] = text
    if (text !== '' && (kind === 'secret' || kind === 'token' || isSecret(value))) secrets.push(text)
  }
  return { values, secrets }
}

const isSecret = (value: unknown): value is Secret => Secret.isInstance(value) && reveal(value) !== ''

const textOf = (value: unknown): string =>
  typeof value === 'string' || Secret.isInstance(value) ? reveal(value) : String(value)
