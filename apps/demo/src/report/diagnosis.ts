import type { Diagnosis } from '@ez/core'
import type { Screen } from './screen.ts'
import type { Line } from './section.ts'

type Paint = Screen['paint']

/** What a step made of a refusal: cause, message, and where the server's account differs from ours. */
export function diagnosisLines({ cause, message, differences = [] }: Diagnosis, { paint }: Screen): Line[] {
  const [first = '', ...rest] = message.split('\n')
  return [
    { text: `${paint('yellow', cause)}: ${first}`, isProse: true },
    // A message of several lines holds the differences already.
    ...(rest.length > 0 ? [] : differences).flatMap(({ stage, line, expected, signed }) => [
      { text: paint('dim', `${stage.replaceAll('-', ' ')}, line ${line}`) },
      { text: `${paint('green', '+ expected')} ${markDifference(expected, signed, 'green', paint)}` },
      { text: `${paint('red', '- signed  ')} ${markDifference(signed, expected, 'red', paint)}` },
    ]),
    ...rest.map((text) => ({ text: paintCheck(text, paint), isProse: true })),
  ]
}

// Paints what is not the same at the start and at the end of both.
function markDifference(text: string, other: string, colour: 'green' | 'red', paint: Paint): string {
  const shorter = Math.min(text.length, other.length)
  let start = 0
  while (start < shorter && text[start] === other[start]) start += 1
  let end = 0
  while (end < shorter - start && text.at(-1 - end) === other.at(-1 - end)) end += 1
  const stop = text.length - end
  return text.slice(0, start) + paint(['bold', colour], text.slice(start, stop)) + text.slice(stop)
}

function paintCheck(text: string, paint: Paint): string {
  return text
    .replace(/^( +)(ok)\b/, (_, indent: string, word: string) => indent + paint('green', word))
    .replace(/^( +)(WRONG)\b/, (_, indent: string, word: string) => indent + paint(['bold', 'red'], word))
}
