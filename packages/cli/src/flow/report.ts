import type { FlowEvent } from '@ez/client'
import { EzError } from '@ez/core'
import { colors } from '../output/colors.ts'
import { messageOf } from '../output/errors.ts'
import { printable, printableJson, printableLine } from '../output/printable.ts'
import type { TestResult } from '../providers/postman.ts'

/** Tells a person, or a program, what a flow does. */
export type FlowReport = (event: FlowEvent) => void

/** One JSON object a line: each step as it is done, each refused record. */
export function jsonReport(write: (line: string) => void): FlowReport {
  return (event) => {
    if (event.type === 'done' || event.type === 'refused') write(printableJson(asData(event)))
  }
}

function asData(event: FlowEvent): unknown {
  if (event.type !== 'refused') return event
  const { error } = event
  return {
    ...event,
    error: EzError.isInstance(error)
      ? { code: error.code, message: error.message }
      : { message: String(error) },
  }
}

/** Where a report for people goes. */
export interface HumanPlace {
  readonly write: (text: string) => void
  readonly alive: (text: string) => void
  readonly stream: NodeJS.WriteStream
  /** What is shown of the answer of a step that is done. */
  readonly answerOf: (step: string) => string
}

/** A line for each step that is done, its answer under it; what goes on meanwhile is written over on a terminal. */
export function humanReport({ write, alive, stream, answerOf }: HumanPlace): FlowReport {
  const { green, red, bold, dim } = colors(stream)
  return (event) => {
    const text = signOfLife(event)
    if (text !== undefined) alive(printable(text))
    if (event.type === 'refused') {
      const { error, step, record } = event
      const message = EzError.isInstance(error)
        ? messageOf(error).replaceAll('\n', '\n  ')
        : error instanceof Error
          ? error.message
          : String(error)
      const code = EzError.isInstance(error) ? dim(` [${error.code}]`) : ''
      write(
        `  ${red('✗')} ${printableLine(step)} ${printable(shorten(JSON.stringify(record) ?? ''))}: ${printable(message)}${code}`,
      )
    }
    if (event.type !== 'done') return
    const { step, status, answers, records, refused, bytes } = event
    const facts = [
      records === undefined ? '' : counted(records, 'record'),
      records === undefined && answers === 1 ? '' : counted(answers, 'answer'),
      refused === undefined ? '' : red(`${refused} refused`),
      bytes === undefined ? '' : counted(bytes, 'byte'),
    ].filter((fact) => fact !== '')
    const mark = refused === undefined ? green('✓') : red('✗')
    write(
      `${mark} ${bold(printableLine(step))}${status === undefined ? '' : ` ${status}`}${facts.length > 0 ? ` ${dim(facts.join(', '))}` : ''}`,
    )
    const answer = answerOf(step)
    if (answer !== '') write(answer)
  }
}

/** Tells what scripts that look at an answer found: a line each, or one JSON object. */
export function testReport(
  json: boolean,
  write: (line: string) => void,
  stream: NodeJS.WriteStream,
): (step: string, tests: readonly TestResult[]) => void {
  const { green, red } = colors(stream)
  return (step, tests) => {
    if (json) write(printableJson({ type: 'tests', step, tests }))
    else
      for (const { name, passed } of tests)
        write(`  ${passed ? green('✓') : red('✗')} ${printableLine(name)}`)
  }
}

function signOfLife(event: FlowEvent): string | undefined {
  switch (event.type) {
    case 'step':
      return `${event.step} (${event.number} of ${event.of}) …`
    case 'wait':
      return `${event.step}: answer ${event.number} is not the last; again in ${Math.round(event.delayMs / 1000)} s`
    case 'page':
      return `${event.step}: page ${event.number}, ${counted(event.records, 'record')}`
    case 'record':
      return `${event.step}: ${counted(event.answered, 'answer')}`
    case 'bytes':
      return `${event.step}: ${counted(event.bytes, 'byte')}`
    default:
      return undefined
  }
}

const counted = (count: number, noun: string): string =>
  `${count.toLocaleString('en-US')} ${noun}${count === 1 ? '' : 's'}`

const shorten = (text: string): string => (text.length > 60 ? `${text.slice(0, 60)}…` : text)
