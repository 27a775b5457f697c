import type { EzError } from '@ez/core'
import { problemError } from '../files/problem.ts'
import { type LoadedRequest, layerOf } from '../files/request-file.ts'
import type { Path } from '../files/source.ts'

const secretKey = /(?:secret|password|passphrase|token|masterKey|accessKey|apiKey|privateKey|authorization)$/i

/** Credentials that are written into the file itself, where they get copied and committed. */
export function writtenSecrets(request: LoadedRequest): EzError[] {
  const found: EzError[] = []
  for (const key of ['preRequest', 'headers'] as const) {
    const { source, path } = layerOf(request, key)
    visit(request.value[key], [...path, key], (place, text) => {
      const name = String(place.at(-1))
      if (!secretKey.test(name) || text.includes('{{') || text.includes('{%') || text === '') return
      found.push(
        problemError(
          [
            source.problem(
              place,
              `the value of "${name}" is written into the file. Use a variable, such as {{${suggested(name)}}}.`,
            ),
          ],
          'EZ_SECRET_IN_FILE',
        ),
      )
    })
  }
  // The excerpt would print the credential.
  return found.map((error) => withoutExcerpt(error))
}

function withoutExcerpt(error: EzError): EzError {
  Object.defineProperty(error, 'message', { value: error.message.split('\n', 1)[0] })
  return error
}

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
