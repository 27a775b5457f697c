import type { RequestTemplate } from '@ez/core'
import { listPages } from '../../pages/paginate.ts'
import type { Answer } from '../answer/answer.ts'
import { captureValues } from '../answer/capture.ts'
import type { ReadableAnswer } from '../answer/read-body.ts'
import { invalid } from '../check-capture.ts'
import { RecordWriter } from '../output/write-output.ts'
import { recordsOf, scriptedPages } from '../pages.ts'
import type { FlowRun, Scope } from './flow-run.ts'
import type { PlannedStep } from './plan.ts'
import { answered } from './run-once.ts'
import { templateOf } from './send-step.ts'

const mostKeptCharacters = 67_108_864

/**
 * Reads a flow step's records page by page, writes them to its output, and runs the steps that want them.
 *
 * Resolves with what was captured from the last page.
 */
export async function runRecords(
  node: PlannedStep,
  run: FlowRun,
  scope: Scope,
  feed: (batches: AsyncIterable<readonly unknown[]>) => Promise<void>,
): Promise<Record<string, unknown>> {
  const { step, consumers } = node
  const result = run.result(step.id)
  result.records = 0
  const writer = step.output
    ? new RecordWriter(step.output, { ...scope, startedAt: run.settings.startedAt }, step.id)
    : undefined
  let last: Answer | undefined
  let keptCharacters = 0
  const batches = async function* (): AsyncGenerator<readonly unknown[]> {
    for await (const { answer, records } of pages(node, run, scope)) {
      last = answer
      result.records = (result.records ?? 0) + records.length
      run.tell({ type: 'page', step: step.id, number: result.answers, records: result.records })
      await writer?.write(records)
      if (node.isKept) {
        keptCharacters += JSON.stringify(records).length
        if (keptCharacters > mostKeptCharacters)
          throw invalid(
            step.id,
            'its records are too many to be kept. Put the steps with each right after it.',
          )
        run.kept(step.id).push(...records)
      }
      yield records
    }
  }
  try {
    if (consumers.length > 0) await feed(batches())
    else for await (const _ of batches());
    await writer?.close()
    if (writer) result.bytes = writer.written
  } catch (error) {
    await writer?.abort(error)
    throw error
  }
  return last ? captureValues(step.capture ?? {}, last, step.id) : {}
}

interface PageOfRecords {
  readonly response: ReadableAnswer
  readonly answer: Answer
  readonly records: readonly unknown[]
}

async function* pages({ step }: PlannedStep, run: FlowRun, scope: Scope): AsyncGenerator<PageOfRecords> {
  const { paginate, id } = step
  const template = templateOf(step)
  const path = step.records ?? paginate?.items
  const read = async (request: RequestTemplate, outputs: Scope['outputs'] = {}): Promise<PageOfRecords> => {
    const own = { ...scope, outputs: { ...scope.outputs, ...outputs } }
    const { response, answer } = await answered(step, run, own, request)
    return { response, answer, records: await recordsOf(answer, path, id) }
  }
  if (!paginate) yield await read(template)
  else if (paginate.style === 'script')
    yield* scriptedPages(
      paginate,
      id,
      (outputs) => read(template, outputs),
      () => run.result(id).records ?? 0,
    )
  else
    for await (const { page } of listPages(template, paginate, async (request) => {
      const page = await read(request.template, request.outputs)
      return { page, response: page.response, body: await page.answer.pageBody(), items: page.records }
    }))
      yield page
}
