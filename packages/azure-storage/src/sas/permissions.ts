import { EzError } from '@ez/core'

// The letters of each kind in the order in which the service wants them, as Microsoft's clients write them.
const orders = {
  account: 'rwdxftlacupiy',
  container: 'racwdxltmeopiyf',
  directory: 'racwdxltmeopiy',
  blob: 'racwdxtmeopiy',
  queue: 'raup',
  table: 'raud',
  services: 'btqf',
  resourceTypes: 'sco',
}

/** What letters are about. */
export type Letters = keyof typeof orders

/**
 * Letters in the order of the service; in another one it refuses the signature, or signs another text.
 *
 * @throws EZ_OPTION_INVALID for a letter that does not exist there, or stands twice
 */
export function inOrder(option: string, kind: Letters, letters: string): string {
  const known = orders[kind]
  const given = new Set(letters)
  if (given.size !== letters.length || [...given].some((letter) => !known.includes(letter)))
    throw new EzError(
      'EZ_OPTION_INVALID',
      `azure-storage: option ${option} must be letters of "${known}" (${kind}), each once.`,
    )
  return [...known].filter((letter) => given.has(letter)).join('')
}
