import { dirname, isAbsolute, join } from 'node:path'
import { EzError } from '@ez/core'
import { type Path, problemError, type SourceFile, type StepValue } from '@ez/request-file'
import { atPlace, type Place } from '../files/locate.ts'
import { readSource } from '../files/source.ts'
import type { Grants } from '../grants.ts'

/** The provider whose options describe a scheme. */
export const describing = '@ez/signature'

/** The file of a step's description; `undefined` where the description stands in the request file, or there is none. */
export function descriptionFile(
  { use, with: given }: StepValue,
  inner: Place,
  grants: Grants,
): Promise<SourceFile | undefined> {
  const named = use === describing ? (given as { describe?: unknown } | undefined)?.describe : undefined
  const { source, path } = inner
  return atPlace({ source, path: [...path, 'describe'] }, async () => {
    if (typeof named !== 'string') return undefined
    grants.path(named, source.absolute)
    return readSource(isAbsolute(named) ? named : join(dirname(source.name), named))
  })
}

/** The error of a description that is wrong, with the line that is. */
export function descriptionError(error: unknown, place: Place): unknown {
  const named = EzError.isInstance(error) ? error.details.place : undefined
  if (!EzError.isInstance(error) || typeof named !== 'string') return error
  const path = [...place.path, ...pathOf(named)]
  return problemError([place.source.problem(path, error.message)], error.code, error)
}

/** The keys of a place such as `stages.text.join[2]`. */
const pathOf = (place: string): Path =>
  place === 'description'
    ? []
    : place.split(/\.|(?=\[)/).map((part) => (/^\[\d+\]$/.test(part) ? Number(part.slice(1, -1)) : part))
