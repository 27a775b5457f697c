import { parse } from 'lossless-json'

// Seventeen digits in a row, with or without a point, are more than a double holds for sure.
const longNumber = /\d(?:\.?\d){15}|\d[eE][+-]?\d{3}/

/**
 * Parses JSON; a number that a double does not hold keeps its digits, as text.
 *
 * @throws SyntaxError
 */
export function parseExactJson(text: string): unknown {
  return longNumber.test(text)
    ? parse(text, undefined, { parseNumber: numberOf, onDuplicateKey: ({ newValue }) => newValue })
    : JSON.parse(text)
}

function numberOf(digits: string): number | string {
  const value = Number(digits)
  return canonical(String(value)) === canonical(digits) ? value : digits
}

// Digits without leading or trailing zeros, and the power of ten that they are meant with.
function canonical(text: string): string {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text) ?? []
  const digits = `${whole}${fraction}`
  const trimmed = digits.replace(/0+$/, '')
  const power = Number(exponent) - fraction.length + (digits.length - trimmed.length)
  const significant = trimmed.replace(/^0+/, '')
  return significant === '' ? '0' : `${sign}${significant}e${power}`
}
