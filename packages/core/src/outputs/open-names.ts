import type { Draft } from '../template/draft.ts'

/** The names of the outputs that places of a draft wait for. */
export function openNames({ method, head, query, headers, body }: Draft): Set<string> {
  const texts = [
    method,
    head,
    ...query.flatMap((entry) => ('raw' in entry ? [entry.raw] : [entry.name, entry.value])),
    ...headers.map(({ value }) => value),
    ...(body?.texts ?? []),
  ]
  const names = new Set<string>()
  for (const text of texts)
    if (typeof text !== 'string')
      for (const piece of text) if (typeof piece !== 'string') names.add(piece.token.path[0] as string)
  return names
}
