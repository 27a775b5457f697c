import { isAbsolute, relative, resolve } from 'node:path'
import type { BodyValue, RequestValue } from '@ez/request-file'

/** A request whose files are named from another folder than the one it was written for. */
export function relocate(request: RequestValue, from: string, to: string): RequestValue {
  if (from === to || !request.body) return request
  const moved = (file: string): string =>
    isAbsolute(file) || file.includes('{{')
      ? file
      : `./${relative(to, resolve(from, file)).replaceAll('\\', '/')}`.replace(/^\.\/(?=\.\.\/)/, '')
  const { file, stream, multipart } = request.body
  const body: BodyValue = {
    ...request.body,
    ...(file !== undefined && { file: moved(file) }),
    ...(stream !== undefined && { stream: moved(stream) }),
    ...(multipart && {
      multipart: multipart.map((part) =>
        part.file === undefined ? part : { ...part, file: moved(part.file) },
      ),
    }),
  }
  return { ...request, body }
}
