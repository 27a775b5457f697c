import { EzError } from '@ez/core'

const token = /\{\{[^{}]*\}\}|\{%[^%{}]*%\}/g
// Windows keeps these for devices, with any ending.
const device = /^(?:con|prn|aux|nul|com[1-9]|lpt[1-9])(?:\..*)?$/i

/**
 * The name of an output file with its values in place. The text that the user wrote may have folders; a value is part of
 * one segment.
 *
 * @throws EZ_OUTPUT_PATH
 */
export async function outputName(
  written: string,
  readToken: (token: string) => Promise<unknown>,
): Promise<string> {
  let name = ''
  let end = 0
  for (const match of written.matchAll(token)) {
    const value = String(await readToken(match[0]))
    const problem = segmentProblem(value)
    if (problem !== undefined) throw refused(written, `the value of ${match[0]} ${problem}`)
    name += written.slice(end, match.index) + value
    end = match.index + match[0].length
  }
  name += written.slice(end)
  for (const segment of name.split(/[\\/]/)) {
    if (segment === '..') throw refused(written, 'it leads out of its folder')
    // Windows drops dots and spaces at the end, and so would write another file.
    if (device.test(segment.replace(/[. ]+$/, '')) || /[. ]$/.test(segment.replace(/^\.$/, '')))
      throw refused(written, `"${segment}" is no file name on Windows`)
  }
  return name
}

function segmentProblem(value: string): string | undefined {
  if (value === '') return 'is empty'
  if (/[\\/]/.test(value)) return 'holds a separator'
  if (/[\p{Cc}<>:"|?*]/u.test(value)) return 'holds a character that no file name may have'
  return value === '.' || value === '..' ? 'leads out of its folder' : undefined
}

/** @throws EZ_OUTPUT_PATH */
export function refused(file: string, problem: string): EzError {
  return new EzError('EZ_OUTPUT_PATH', `output ${JSON.stringify(file)}: ${problem}. Name another file.`, {
    details: { file },
  })
}
