// The pages of SuiteQL to a CSV file, as a flow of a program.
import { createWriteStream } from 'node:fs'
import { Writable } from 'node:stream'
import { runFlow } from '@ez/client'
import { suiteqlStep } from '../command/suiteql-step.ts'

const [netsuite, file] = [process.argv[2] as string, process.argv[3] as string]
const { output, ...step } = suiteqlStep
await runFlow(
  { steps: [{ ...step, output: { ...output, to: () => Writable.toWeb(createWriteStream(file)) } }] },
  { variables: { netsuite } },
)
