import { dirname, isAbsolute, join as joinPath } from 'node:path'
import { EzError, nearest } from '@ez/core'
import type { Grants } from '../grants.ts'
import { checkRequest } from './check.ts'
import { atPlace } from './locate.ts'
import { mergeRequests } from './merge.ts'
import { type Problem, problemError } from './problem.ts'
import type { FileValue, Layer, LoadedRequest, RequestValue } from './request-file.ts'
import { readSource, type SourceFile } from './source.ts'
import { requestFileProblems } from './validate.ts'

const fileKeys: readonly string[] = ['$schema', 'extends', 'defaults', 'requests']

/**
 * Reads a request file: one request, or several. `file.yaml#name` picks one.
 *
 * @throws EZ_FILE_NOT_FOUND, EZ_FILE_UNREADABLE, EZ_FILE_INVALID, EZ_FILE_CYCLE, EZ_REQUEST_UNKNOWN, EZ_NOT_ALLOWED
 */
export async function loadRequests(argument: string, grants: Grants): Promise<LoadedRequest[]> {
  const { file, wanted } = splitArgument(argument)
  const source = await readRequestFile(file)
  const inherited = await inheritedLayers(source, grants, [source.absolute])
  const value = source.value as FileValue
  const several = value.requests !== undefined
  const shared: Layer[] = several
    ? [
        ...(value.defaults ? [{ source, path: ['defaults'], value: value.defaults }] : []),
        { source, path: [], value: ownValue(value) },
        ...inherited,
      ]
    : inherited
  const own: Layer[] = (value.requests ?? [ownValue(value)]).map((request, index) => ({
    source,
    path: several ? ['requests', index] : [],
    value: request,
  }))
  const loaded = own.map((layer) => join(source, [layer, ...shared], several))
  const problems = loaded.flatMap(({ problems: found }) => found)
  if (problems.length > 0) throw problemError(problems)
  const requests = loaded.map(({ request }) => request)
  return wanted === undefined ? requests : [pick(requests, wanted, source)]
}

/** Whether a file is one of variables, by its name: `ez.env.yaml`, `ez.env.<name>.yaml`. */
export const isVariablesFile = (file: string): boolean =>
  /(?:^|[\\/])ez\.env(?:\.[^\\/]+)?\.(?:ya?ml|json)$/i.test(file)

/** Reads and checks one file. */
export async function readRequestFile(file: string): Promise<SourceFile> {
  const source = await readSource(file)
  const problems = await requestFileProblems(source)
  if (problems.length > 0) throw problemError(problems)
  return source
}

// A name after # picks a request.
function splitArgument(argument: string): { file: string; wanted?: string } {
  const match = /^(.+\.(?:ya?ml|json))#(.+)$/i.exec(argument)
  return match ? { file: match[1] as string, wanted: match[2] as string } : { file: argument }
}

function ownValue(value: FileValue): RequestValue {
  return Object.fromEntries(Object.entries(value).filter(([key]) => !fileKeys.includes(key)))
}

async function inheritedLayers(
  source: SourceFile,
  grants: Grants,
  chain: readonly string[],
): Promise<Layer[]> {
  const value = source.value as FileValue
  const layers: Layer[] = []
  // The last one named wins, so it comes first.
  const all = [value.extends ?? []].flat()
  for (const [index, named] of [...all.entries()].reverse()) {
    const place = { source, path: Array.isArray(value.extends) ? ['extends', index] : ['extends'] }
    const absolute = await atPlace(place, () => grants.path(named, source.absolute))
    if (chain.includes(absolute))
      throw problemError(
        [source.problem(['extends'], `the files extend each other: ${[...chain, absolute].join(' → ')}.`)],
        'EZ_FILE_CYCLE',
      )
    const base = await atPlace(place, () =>
      readRequestFile(isAbsolute(named) ? named : joinPath(dirname(source.name), named)),
    )
    const baseValue = base.value as FileValue
    if (baseValue.requests)
      throw problemError([
        source.problem(
          ['extends'],
          `${named} holds several requests. Extend a file that holds one, or none.`,
        ),
      ])
    layers.push({ source: base, path: [], value: ownValue(baseValue) })
    if (baseValue.defaults) layers.push({ source: base, path: ['defaults'], value: baseValue.defaults })
    layers.push(...(await inheritedLayers(base, grants, [...chain, absolute])))
  }
  return layers
}

function join(
  source: SourceFile,
  layers: readonly Layer[],
  several: boolean,
): { request: LoadedRequest; problems: Problem[] } {
  const value = layers.reduceRight<RequestValue>((base, layer) => mergeRequests(base, layer.value), {})
  const name = layers[0]?.value.name
  const request = {
    label: several ? `${source.name}#${name ?? ''}` : source.name,
    source,
    value: value as LoadedRequest['value'],
    layers,
  }
  return { request, problems: checkRequest(request, several) }
}

function pick(requests: readonly LoadedRequest[], wanted: string, source: SourceFile): LoadedRequest {
  const names = requests.map(({ value }) => value.name ?? '')
  const found = requests.find(({ value }) => value.name === wanted)
  if (found) return found
  const close = nearest(wanted, names)
  throw new EzError(
    'EZ_REQUEST_UNKNOWN',
    `${source.name}: there is no request "${wanted}". ${close ? `Did you mean "${close}"?` : `It holds: ${names.join(', ')}.`}`,
  )
}
