import { dirname, isAbsolute, join as joinPath } from 'node:path'
import { EzError, nearest } from '@ez/core'
import {
  mergeRequests,
  type Problem,
  problemError,
  type RequestValue,
  type SourceFile,
} from '@ez/request-file'
import type { Grants } from '../grants.ts'
import { checkRequest } from './check.ts'
import { flowProblems } from './check-flow.ts'
import { refuseForeign, refuseForeignName } from './foreign.ts'
import { atPlace } from './locate.ts'
import type { FileValue, FlowStepValue, Layer, LoadedRequest } from './request-file.ts'
import { readSource } from './source.ts'
import { requestFileProblems } from './validate.ts'

const mostExtended = 100
const fileKeys: readonly string[] = ['$schema', 'extends', 'defaults', 'requests', 'steps']

/**
 * Reads a request file: one request, several, or the steps of a flow. `file.yaml#name` picks one.
 *
 * @throws EZ_FILE_NOT_FOUND, EZ_FILE_UNREADABLE, EZ_FILE_INVALID, EZ_FILE_CYCLE, EZ_REQUEST_UNKNOWN, EZ_NOT_ALLOWED
 */
export async function loadRequests(argument: string, grants: Grants): Promise<LoadedRequest[]> {
  const { file, wanted } = splitArgument(argument)
  const source = await readRequestFile(file)
  const value = source.value as FileValue
  const kind = value.steps ? 'steps' : value.requests ? 'requests' : 'request'
  const all = await inheritedLayers(source, grants, [source.absolute], new Set())
  const inherited = kind === 'steps' ? all.flatMap(forFlows) : all.map(({ layer }) => layer)
  const shared: Layer[] =
    kind === 'request'
      ? inherited
      : [
          ...(value.defaults ? [{ source, path: ['defaults'], value: value.defaults }] : []),
          { source, path: [], value: ownValue(value) },
          ...inherited,
        ]
  const own: Layer[] = (value.steps ?? value.requests ?? [ownValue(value)]).map((request, index) => ({
    source,
    path: kind === 'request' ? [] : [kind, index],
    value: request,
  }))
  const loaded = own.map((layer) => join(source, [layer, ...shared], kind))
  const problems = [
    ...(kind === 'steps' ? flowProblems(source) : []),
    ...loaded.flatMap(({ problems: found }) => found),
  ]
  if (problems.length > 0) throw problemError(problems)
  const requests = loaded.map(({ request }) => request)
  return wanted === undefined ? requests : [pick(requests, wanted, source)]
}

/** Whether a file is one of variables, by its name: `ez.env.yaml`, `ez.env.<name>.yaml`. */
export const isVariablesFile = (file: string): boolean =>
  /(?:^|[\\/])ez\.env(?:\.[^\\/]+)?\.(?:ya?ml|json)$/i.test(file)

/** Reads and checks one file. */
export async function readRequestFile(file: string): Promise<SourceFile> {
  refuseForeignName(file)
  const source = await readSource(file)
  refuseForeign(source)
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

/** A layer of a file that is extended, and which part of it it is. */
interface InheritedLayer {
  readonly kind: 'own' | 'defaults'
  readonly layer: Layer
}

// A flow takes from other files their defaults and variables, and no request.
function forFlows({ kind, layer }: InheritedLayer): Layer[] {
  if (kind === 'defaults') return [layer]
  const { variables, secrets } = layer.value
  return [{ ...layer, value: { ...(variables && { variables }), ...(secrets && { secrets }) } }]
}

/**
 * The layers that a file inherits, nearest first. Each file counts once, where it is nearest: a layer under itself adds
 * nothing, and files that extend the same ones twice would be read without end.
 */
async function inheritedLayers(
  source: SourceFile,
  grants: Grants,
  chain: readonly string[],
  seen: Set<string>,
): Promise<InheritedLayer[]> {
  const value = source.value as FileValue
  const layers: InheritedLayer[] = []
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
    if (seen.has(absolute)) continue
    seen.add(absolute)
    if (seen.size > mostExtended)
      throw problemError([
        source.problem(place.path, `more than ${mostExtended} files are extended, one through another.`),
      ])
    const base = await atPlace(place, () =>
      readRequestFile(isAbsolute(named) ? named : joinPath(dirname(source.name), named)),
    )
    layers.push(...ownLayers(base, named, source))
    layers.push(...(await inheritedLayers(base, grants, [...chain, absolute], seen)))
  }
  return layers
}

function ownLayers(base: SourceFile, named: string, source: SourceFile): InheritedLayer[] {
  const value = base.value as FileValue
  if (value.requests ?? value.steps)
    throw problemError([
      source.problem(['extends'], `${named} holds several requests. Extend a file that holds one, or none.`),
    ])
  const own: InheritedLayer = { kind: 'own', layer: { source: base, path: [], value: ownValue(value) } }
  if (!value.defaults) return [own]
  return [own, { kind: 'defaults', layer: { source: base, path: ['defaults'], value: value.defaults } }]
}

function join(
  source: SourceFile,
  layers: readonly Layer[],
  kind: 'request' | 'requests' | 'steps',
): { request: LoadedRequest; problems: Problem[] } {
  const value = layers.reduceRight<RequestValue>(
    (base, layer) => mergeRequests(base, layer.value),
    kind === 'steps' ? { method: 'GET' } : {},
  )
  const own = layers[0]?.value
  const step = kind === 'steps' ? (own as FlowStepValue) : undefined
  const name = step ? (own?.name ?? step.id) : own?.name
  const request = {
    label: kind === 'request' ? source.name : `${source.name}#${step?.id ?? name ?? ''}`,
    source,
    value: { ...value, ...(name !== undefined && { name }) } as LoadedRequest['value'],
    layers,
    ...(step && { step }),
  }
  return { request, problems: checkRequest(request, kind === 'requests') }
}

function pick(requests: readonly LoadedRequest[], wanted: string, source: SourceFile): LoadedRequest {
  const names = requests.map(({ value, step }) => step?.id ?? value.name ?? '')
  const found = requests.find(({ value, step }) => (step?.id ?? value.name) === wanted)
  if (found) return found
  const close = nearest(wanted, names)
  throw new EzError(
    'EZ_REQUEST_UNKNOWN',
    `${source.name}: there is no request "${wanted}". ${close ? `Did you mean "${close}"?` : `It holds: ${names.join(', ')}.`}`,
  )
}
