import { EzError } from './error.ts'

/**
 * Loads a cloud vendor's own library, an optional peer of the package that asks for it.
 *
 * @param id begins the message
 * @param load imports the library, from where the asking package is installed
 * @throws EZ_PEER_MISSING
 */
export async function loadPeer(
  id: string,
  name: string,
  load: (name: string) => Promise<unknown>,
): Promise<unknown> {
  try {
    return await load(name)
  } catch (cause) {
    const { code, message } = cause as { code?: unknown; message?: string }
    const isAbsent = code === 'ERR_MODULE_NOT_FOUND' && message?.includes(name)
    throw new EzError(
      'EZ_PEER_MISSING',
      isAbsent
        ? `${id}: these credentials need ${name}, which is not installed beside it. Run: npm install ${name}`
        : `${id}: ${name} cannot be loaded here (${firstLine(message)}). It needs Node; see which version of Node it asks for.`,
      { details: { package: name }, cause },
    )
  }
}

/**
 * What a cloud vendor's library says when it gives no credentials, as one error of ours.
 *
 * @param isPlain whether the text of the error may be shown: it quotes no credential
 */
export function credentialFailure(id: string, error: unknown, cure: string, isPlain: boolean): EzError {
  if (EzError.isInstance(error)) return error
  const { name, message } = (error ?? {}) as { name?: string; message?: string }
  const told = isPlain ? firstLine(message) : (name ?? 'unknown error')
  return new EzError('EZ_CREDENTIAL_UNAVAILABLE', `${id}: there are no credentials: ${told}. ${cure}`)
}

const mostCharacters = 400

function firstLine(message = 'unknown error'): string {
  const line = message.replace(/\s+/g, ' ').trim().replace(/\.$/, '')
  return line.length > mostCharacters ? `${line.slice(0, mostCharacters)}…` : line
}
