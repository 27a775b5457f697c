import { EzError } from '@ez/core'
import { type Problem, problemError } from '../source/problem.ts'
import { SourceFile } from '../source/source-file.ts'
import { mergeRequests } from './merge.ts'
import type { FileValue, FlowStepValue, RequestValue } from './request-value.ts'

/** What was read of a request file. */
export interface RequestFile {
  /** The text, which knows where each value stands. */
  readonly source: SourceFile
  /** What the file is: one request, several, or a flow. */
  readonly kind: 'request' | 'requests' | 'steps'
  /** Its requests, each with what it inherits from the file. */
  readonly requests: readonly (RequestValue & { readonly method: string; readonly url: string })[]
}

const fileKeys: readonly string[] = ['$schema', 'extends', 'defaults', 'requests', 'steps']

/**
 * Reads the text of a request file, YAML or JSON, without touching a file system.
 *
 * It reads what one file says. The command checks files against their JSON Schema too, and follows `extends`, which is
 * refused here.
 *
 * @param name - what messages call the file
 * @throws EZ_FILE_INVALID when the text is no YAML, a request lacks its method or URL, or the file builds on another
 * @example
 * const { requests } = readRequestFile('{ method: GET, url: "https://api.example.com/orders" }')
 * requests[0]?.url // 'https://api.example.com/orders'
 */
export function readRequestFile(text: string, name = 'request.yaml'): RequestFile {
  if (text.trim() === '') throw new EzError('EZ_FILE_INVALID', `${name}: the file is empty.`)
  const source = new SourceFile(name, name, text)
  if (typeof source.value !== 'object' || source.value === null || Array.isArray(source.value))
    throw problemError([
      source.problem([], 'the file must be a map: method, url, and what else a request has.'),
    ])
  const value = source.value as FileValue
  if (value.extends !== undefined)
    throw problemError([
      source.problem(['extends'], 'this file builds on another, which cannot be read here.'),
    ])
  const kind = value.steps ? 'steps' : value.requests ? 'requests' : 'request'
  const own = Object.fromEntries(
    Object.entries(value).filter(([key]) => !fileKeys.includes(key)),
  ) as RequestValue
  const base = kind === 'request' ? {} : mergeRequests(own, value.defaults ?? {})
  const all: readonly RequestValue[] = value.steps ?? value.requests ?? [own]
  const problems: Problem[] = []
  const requests = all.map((request, index) => {
    const merged = mergeRequests(kind === 'steps' ? { method: 'GET', ...base } : base, request)
    const id = (request as Partial<FlowStepValue>).id
    const called = request.name ?? (kind === 'steps' ? id : undefined)
    for (const key of ['method', 'url'] as const)
      if (typeof merged[key] !== 'string')
        problems.push(
          source.problem(kind === 'request' ? [] : [kind, index], `the request needs the key "${key}".`),
        )
    return { ...merged, ...(called !== undefined && { name: called }) } as RequestFile['requests'][number]
  })
  if (problems.length > 0) throw problemError(problems)
  return { source, kind, requests }
}
