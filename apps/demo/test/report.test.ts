import { closePython } from '@ez/python'
import stringWidth from 'string-width'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RequestResult } from '../src/model.ts'
import { openNetwork } from '../src/network.ts'
import { showHead, showRequestResult } from '../src/report/request.ts'
import type { Screen } from '../src/report/screen.ts'
import { showSummary } from '../src/report/summary.ts'
import { cosmosRead } from '../src/requests/cosmos-read.ts'
import { requests } from '../src/requests/index.ts'
import { runRequest } from '../src/run.ts'

const results: RequestResult[] = []

beforeAll(async () => {
  const now = (): Date => new Date()
  const network = openNetwork(now)
  for (const request of requests) results.push(await runRequest(request, now))
  network.close()
})
afterAll(() => closePython())

function screenOf(columns: number): Screen {
  return { columns, paint: (_, text) => text }
}

function report(columns: number, shown: readonly RequestResult[], inFull: boolean): string[] {
  const screen = screenOf(columns)
  return [
    ...showHead(shown.length, screen),
    ...shown.flatMap((result, index) =>
      showRequestResult(result, { index, count: shown.length, inFull }, screen),
    ),
    ...showSummary(shown, { sent: 4 * shown.length, seconds: 0.5 }, screen),
  ]
}

describe('the report', () => {
  it.each([30, 40, 60, 80, 84, 85, 86, 100, 120, 200])('keeps to %i columns', (columns) => {
    for (const inFull of [true, false])
      expect(report(columns, results, inFull).filter((line) => stringWidth(line) > columns)).toEqual([])
  })

  it.each([80, 120])('keeps a hash on one line at %i columns', (columns) => {
    const hashes = report(columns, results, false).filter((line) => /^ +[0-9a-f]{64}$/.test(line))
    expect(hashes.length).toBeGreaterThanOrEqual(8)
  })

  it('shows codes in the table where they fit', () => {
    const table = (columns: number): string =>
      showSummary(results, { sent: 0, seconds: 0 }, screenOf(columns)).join('\n')
    expect(table(120)).toContain('XAmzContentSHA256Mismatch')
    expect(table(80)).not.toContain('XAmzContentSHA256Mismatch')
    expect(table(80)).toMatch(/s3-put-text +✓ 200 +✓ 403 +✓ 400 +✓ 403/)
    expect(table(50)).toMatch(/request +right +key +change +clock\n/)
    expect(table(50)).toMatch(/s3-put-text +✓ +✓ +✓ +✓\n/)
  })

  it('shows the whole answer when asked for one request', () => {
    const [result] = results
    const brief = report(120, [result as RequestResult], false).join('\n')
    const full = report(120, [result as RequestResult], true).join('\n')
    expect(brief).toMatch(/… \d+ more lines with --only/)
    expect(full).not.toContain('more lines')
    expect(full).toContain('The String-to-Sign should have been')
  })

  it('says what is not as expected', () => {
    const good = results.find(({ request }) => request === cosmosRead) as RequestResult
    const [right, ...rest] = good.cases
    const bad = {
      ...good,
      cases: [
        { ...(right as RequestResult['cases'][number]), problems: ['status 500 in place of 200'] },
        ...rest,
      ],
    }
    const text = report(100, [bad], false).join('\n')
    expect(text).toContain('✗ accepted')
    expect(text).toContain('problem            status 500 in place of 200')
    expect(text).toMatch(/cosmos-read +✗ 200/)
    expect(text).toContain('✗ Not as expected. 0 of 1 requests accepted, 3 of 3')
  })
})
