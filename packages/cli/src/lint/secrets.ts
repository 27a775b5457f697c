import { EzError } from '@ez/core'
import { type Path, problemData, problemLine } from '@ez/request-file'
import { type LoadedRequest, layerOf } from '../files/request-file.ts'
import { describing } from '../providers/description.ts'

const secretKey = /(?:secret|password|passphrase|token|masterKey|accessKey|apiKey|privateKey|authorization)$/i

/** Credentials that are written into the file itself, where they get copied and committed. */
export function writtenSecrets(request: LoadedRequest): EzError[] {
  const found: EzError[] = []
  for (const key of ['preRequest', 'headers'] as const) {
    const { source, path } = layerOf(request, key)
    visit(request.value[key], [...path, key], (place, text) => {
      if (isDescription(request, place.slice(path.length))) return
      const name = String(place.at(-1))
      if (!secretKey.test(name) || text.includes('{{') || text.includes('{%') || text === '') return
      const problem = source.problem(
        place,
        `the value of "${name}" is written into the file. Use a variable, such as {{${suggested(name)}}}.`,
      )
      // Without the line of the file, which holds the credential.
      found.push(
        new EzError('EZ_SECRET_IN_FILE', problemLine(problem), {
          details: { problems: problemData([problem]) },
        }),
      )
    })
  }
  return found
}

// The words of a description name options, whatever they are called; it holds no values.
const isDescription = ({ value }: LoadedRequest, [key, index, inner, name]: Path): boolean =>
  key === 'preRequest' &&
  inner === 'with' &&
  name === 'describe' &&
  value.preRequest?.[Number(index)]?.use === describing

const suggested = (name: string): string =>
  name
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .replaceAll('-', '_')
    .toLowerCase()

function visit(value: unknown, path: Path, see: (path: Path, text: string) => void): void {
  if (typeof value === 'string') see(path, value)
  else if (typeof value === 'object' && value !== null)
    for (const [key, item] of Object.entries(value))
      visit(item, [...path, Array.isArray(value) ? Number(key) : key], see)
}
