import { dirname, extname } from 'node:path'
import type { Flow, FlowStep, OutputValues, StepOutput } from '@ez/client'
import type { PrepareContext } from '@ez/core'
import type { OutputValue } from '../files/flow-keys.ts'
import type { FlowStepValue } from '../files/request-file.ts'
import { type LoadedRequest, layerOf } from '../files/request-file.ts'
import { templateOf } from '../files/template.ts'
import type { MadeStep } from '../providers/load.ts'
import { resolveValue } from '../providers/options.ts'
import type { Session } from '../session.ts'
import { knownConditions } from './conditions.ts'
import { OutputFiles } from './output-files.ts'
import { outputName } from './output-name.ts'
import { paginationScript } from './pagination-script.ts'

/** Where the outputs of a flow go. */
export interface OutputFlags {
  /** Folder, in place of the request file's. */
  readonly output?: string
  /** Write over files that are there already. */
  readonly force: boolean
}

/** The flow of a file's steps; its pre-request steps are made when they are sent. */
export async function flowOfFile(
  session: Session,
  steps: readonly LoadedRequest[],
  flags: OutputFlags,
  context: PrepareContext,
): Promise<Flow> {
  const folder = flags.output ?? dirname(steps[0]?.source.absolute ?? '.')
  const files = new OutputFiles(folder, flags.force, steps[0]?.source.absolute ?? '')
  return { steps: await Promise.all(steps.map((request) => stepOf(session, request, files, context))) }
}

async function stepOf(
  session: Session,
  request: LoadedRequest,
  files: OutputFiles,
  context: PrepareContext,
): Promise<FlowStep> {
  const { preRequest, concurrency } = request.value
  const { id, output, paginate, ...step } = request.step as FlowStepValue
  if (output) await checkOutput(session, request, output, files, context)
  return {
    id,
    ...(await templateOf(request, session.grants)),
    ...(preRequest && { preRequest: preRequest.map(() => placeholder) }),
    ...(step.capture && { capture: step.capture }),
    ...knownConditions(request),
    ...(paginate && {
      paginate:
        paginate.style === 'script' ? await paginationScript(session, request, paginate, context) : paginate,
    }),
    ...(step.records !== undefined && { records: step.records }),
    ...(step.each !== undefined && { each: step.each }),
    ...(concurrency !== undefined && { concurrency }),
    ...(step.response && { response: step.response }),
    ...(output && { output: outputOf(session, request, output, files) }),
  }
}

// Says how many pre-request steps there are; they themselves are made when the step is sent.
const placeholder: MadeStep = { specVersion: 1, id: 'pre-request-step', run: () => undefined }

// What is known of its name now is checked before anything is sent.
async function checkOutput(
  session: Session,
  request: LoadedRequest,
  { file }: OutputValue,
  files: OutputFiles,
  context: PrepareContext,
): Promise<void> {
  const { source, path } = layerOf(request, 'output')
  const place = { source, path: [...path, 'output', 'file'] }
  let isKnown = true
  const name = await outputName(file, async (token) => {
    const own = await session.context(request, { ...context, data: {} })
    return resolveValue(token, own, request, place).catch(() => {
      isKnown = false
      return 'value'
    })
  })
  if (isKnown) await files.check(name)
}

const formats: Readonly<Record<string, StepOutput['format']>> = { '.csv': 'csv', '.json': 'json' }

function outputOf(
  session: Session,
  request: LoadedRequest,
  { file, ...rest }: OutputValue,
  files: OutputFiles,
): StepOutput {
  const { source, path } = layerOf(request, 'output')
  const place = { source, path: [...path, 'output', 'file'] }
  const { records, each, paginate } = request.step ?? {}
  const isOfRecords = records !== undefined || each !== undefined || paginate !== undefined
  const isOfOne = each !== undefined && /\{\{\s*record\b/.test(file)
  const format = isOfOne
    ? (rest.format ?? 'raw')
    : (rest.format ?? (isOfRecords ? formats[extname(file).toLowerCase()] : undefined))
  return {
    ...rest,
    ...(format && { format }),
    to: async (values: OutputValues) => {
      const context = await session.context(request, values)
      const name = await outputName(file, (token) => resolveValue(token, context, request, place))
      return files.open(name)
    },
  }
}
