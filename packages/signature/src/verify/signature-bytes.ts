import { fromBase64 } from '@ez/core/crypto'
import { decodePercent, fromBase64Url } from '../compile/transform.ts'

/** The bytes of a signature that was written with some transforms; `undefined` when they cannot be undone. */
export function signatureBytes(transforms: readonly string[], text: string): Uint8Array | undefined {
  let current: string | Uint8Array | undefined = text
  for (const transform of transforms.toReversed()) {
    if (typeof current !== 'string') return undefined
    const [name = '', from = '', to = ''] = transform.trim().split(':')
    if (name === 'base64') current = fromBase64(current)
    else if (name === 'base64url') current = fromBase64Url(current)
    else if (name === 'hex' || name === 'HEX') current = hexBytes(current)
    else if (name === 'percent') current = decodePercent(current)
    else if (name === 'replace' && to !== '')
      current = current.replaceAll(decodePercent(to) ?? to, () => decodePercent(from) ?? from)
    else return undefined
  }
  return current instanceof Uint8Array ? current : undefined
}

function hexBytes(text: string): Uint8Array | undefined {
  if (!/^(?:[0-9a-f]{2})+$/i.test(text)) return undefined
  return Uint8Array.from({ length: text.length / 2 }, (_, index) =>
    Number.parseInt(text.slice(index * 2, index * 2 + 2), 16),
  )
}
