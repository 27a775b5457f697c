import type { LoadedRequest } from '../files/request-file.ts'
import { bigintText } from '../providers/options.ts'

/**
 * Stand-ins for names of a request that scripts of Postman may set: they do not run in lint. `undefined` when one sets a
 * name that it works out, so that nothing can be said of names that are missing.
 */
export function postmanStandIns(
  { value }: LoadedRequest,
  texts: readonly string[],
): Readonly<Record<string, unknown>> | undefined {
  const text = texts.join('\n')
  if (/(?:\.set|set(?:Environment|Global)Variable)\(\s*[^'"\s]/.test(text)) return undefined
  const { preRequest: _, tests: _tests, ...written } = value
  const names = new Set(
    [...JSON.stringify(written, bigintText).matchAll(/\{\{\s*([\w-]+)/g)].map(([, name]) => name as string),
  )
  const quoted = new Set([...text.matchAll(/(["'`])((?:(?!\1).)+)\1/g)].map(([, , inner]) => inner as string))
  const set = [...names].filter((name) => [...quoted].some((one) => one.replace(/[^\w-]+/g, '_') === name))
  return Object.fromEntries(set.map((name) => [name, standIn(value.url, name)]))
}

const standIn = (url: string, name: string): string =>
  new RegExp(`^\\{\\{\\s*${name}\\b`).test(url) ? 'https://set-by-script.invalid' : '1'
