// @ts-check
// The key derivations of `hashlib` that Python has from OpenSSL, which Pyodide lacks. In Python itself they would take
// minutes.
import { Buffer } from 'node:buffer'
import { pbkdf2Sync, scryptSync } from 'node:crypto'

const mostMemory = 64 * 1024 * 1024

/**
 * @typedef {object} Question
 * @property {'pbkdf2' | 'scrypt'} kind
 * @property {string} password base64
 * @property {string} salt base64
 * @property {number} length bytes of the key
 * @property {string} digest for PBKDF2, as Node names it
 * @property {number} iterations for PBKDF2
 * @property {number} n for scrypt: cost
 * @property {number} r for scrypt: block size
 * @property {number} p for scrypt: parallelization
 * @property {number} memory for scrypt: bytes that it may take
 */

/**
 * Answers as JSON: the key in base64, or why there is none.
 *
 * @param {Question} question
 */
export function derive({ kind, password, salt, length, digest, iterations, n, r, p, memory }) {
  const secret = Buffer.from(password, 'base64')
  const salted = Buffer.from(salt, 'base64')
  try {
    const key =
      kind === 'pbkdf2'
        ? pbkdf2Sync(secret, salted, iterations, length, digest)
        : scryptSync(secret, salted, length, { N: n, r, p, maxmem: Math.min(memory, mostMemory) })
    return JSON.stringify({ key: key.toString('base64') })
  } catch (error) {
    return JSON.stringify({ error: /** @type {Error} */ (error).message })
  }
}
