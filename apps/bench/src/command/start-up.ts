import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { BenchGroup } from '../group.ts'
import type { BenchCase } from '../harness.ts'
import { ez, folder, run } from './program.ts'

const request = `method: POST
url: https://sellingpartnerapi-eu.amazon.com/reports/2021-06-30/reports
headers: { content-type: application/json }
body: { json: { reportType: GET_FLAT_FILE_ALL_ORDERS_DATA_BY_ORDER_DATE_GENERAL } }
preRequest:
  - use: '@ez/aws-sigv4'
    with: { service: execute-api, region: eu-west-1, credentials: { accessKeyId: AKIDEXAMPLE, secretAccessKey: '{{secret_key}}' } }
`

function cases(): BenchCase[] {
  const file = join(folder(), 'report.yaml')
  writeFileSync(file, request)
  const key = 'secret_key=wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY'
  return [
    { name: 'ez sign', time: async () => (await run(ez, 'sign', file, '--var', key)).processor },
    { name: 'floor: node -e 0', time: async () => (await run('-e', '0')).processor, floor: true, goal: 2.5 },
  ]
}

export const groups: readonly BenchGroup[] = [{ title: 'command: start of ez sign, processor time', cases }]
