import { EzError, type PreRequestScript, type ResolvedRequest } from '@ez/core'
import type { Program } from '../compile/program.ts'
import type { CompiledWrite } from '../compile/writes.ts'
import type { Evaluate, Evaluated } from './evaluated.ts'

/**
 * The script of a scheme that writes to the path, which no signer may change: it goes by method, URL and headers as
 * they are then, and never reads the body.
 */
export function createPathScript({ id, writes }: Program, evaluate: Evaluate): Pick<PreRequestScript, 'run'> {
  const path = writes.find(({ to }) => to === 'path') as CompiledWrite
  const other = writes.find(({ to }) => to !== 'path' && to !== 'query')
  if (other)
    throw new EzError(
      'EZ_OPTION_INVALID',
      `${id}: ${other.place}: a scheme that writes to the path writes to the query beside it, and nowhere else.`,
    )
  return {
    async run(request, context) {
      const query = new URLSearchParams([...request.query.entries()]).toString().replaceAll('+', '%20')
      const url = new URL(request.url)
      const frozen: ResolvedRequest = {
        method: request.method,
        url: `${url.protocol}//${url.host}${url.pathname}${query === '' ? '' : `?${query}`}`,
        headers: [...request.headers.entries()].map(([name, value]) => [name.toLowerCase(), value]),
        body: null,
      }
      const { evaluation, secrets }: Evaluated = await evaluate(frozen, context)
      for (const text of secrets) context.conceal(text)
      const [[, segment] = ['', '']] = evaluation.written('path', true)
      request.url = `${url.protocol}//${url.host}${withSegment(url.pathname, path, segment)}`
      for (const isLate of [false, true])
        for (const [name, value] of evaluation.written('query', isLate)) request.query.append(name, value)
    },
  }
}

/** A path with one more segment. */
function withSegment(path: string, { at }: CompiledWrite, segment: string): string {
  const segments = path.split('/').slice(1)
  segments.splice(at < 0 ? segments.length + at + 1 : at, 0, segment)
  return `/${segments.join('/')}`
}
