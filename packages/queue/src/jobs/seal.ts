import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { EzError, reveal, type Secret } from '@ez/core'
import { fromBase64 } from '@ez/core/crypto'

const mark = 'sealed:'

/** Encrypts the data of rows; AES-256-GCM with a fresh nonce for each, bound to job and row. */
export class RowSeal {
  readonly #key: Uint8Array

  /** @throws EZ_OPTION_INVALID when it is not 32 bytes in base64 */
  constructor(key: string | Secret) {
    const bytes = fromBase64(reveal(key))
    if (bytes?.length !== 32)
      throw new EzError(
        'EZ_OPTION_INVALID',
        'queue: EZ_STORE_KEY must be 32 bytes in base64. Make one with: openssl rand -base64 32',
      )
    this.#key = bytes
  }

  seal(text: string, place: string): string {
    const nonce = randomBytes(12)
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonce).setAAD(Buffer.from(place))
    const sealed = Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()])
    return mark + sealed.toString('base64')
  }

  /** @throws EZ_JOB_REFUSED when it was sealed with another key, or for another row */
  open(text: string, place: string): string {
    const bytes = Buffer.from(text.slice(mark.length), 'base64')
    try {
      const decipher = createDecipheriv('aes-256-gcm', this.#key, bytes.subarray(0, 12))
        .setAAD(Buffer.from(place))
        .setAuthTag(bytes.subarray(-16))
      return Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()]).toString('utf8')
    } catch (cause) {
      throw new EzError(
        'EZ_JOB_REFUSED',
        `${place}: the row cannot be opened. Set the same EZ_STORE_KEY where jobs are added and where they are worked on.`,
        { cause },
      )
    }
  }
}

/** Whether a row's data is sealed. */
export const isSealed = (text: string): boolean => text.startsWith(mark)
