import { prepare } from '@ez/core'
import { afterAll, describe, expect, test } from 'vitest'
import { PythonPool, type PythonScriptOptions, pythonScript } from '../src/index.ts'
import { patienceMs, pool, prepareWith, resultOf, script } from './support/prepare.ts'

afterAll(() => pool.close())

const nonce = "import random, string\nresult = ''.join(random.choices(string.ascii_letters, k=11))"

async function fresh(
  source: string,
  options: Partial<PythonScriptOptions> = {},
): Promise<string | undefined> {
  const { headers } = await prepare(
    {
      method: 'GET',
      url: 'https://api.example.com/',
      headers: { result: '{%result%}' },
      preRequest: [pythonScript({ source, pool, timeoutMs: patienceMs, ...options })],
    },
    { stepTimeoutMs: patienceMs },
  )
  return headers.find(([name]) => name === 'result')?.[1]
}

describe('the clock is the attempt’s, in UTC', () => {
  test('however it is read', async () => {
    const reads = {
      'datetime.now()': '2026-01-02 03:04:05.678000',
      'datetime.utcnow()': '2026-01-02 03:04:05.678000',
      'datetime.now(timezone.utc)': '2026-01-02 03:04:05.678000+00:00',
      'datetime.today()': '2026-01-02 03:04:05.678000',
      'date.today()': '2026-01-02',
      // Emscripten's clock is a double of nanoseconds.
      'round(time.time(), 3)': '1767323045.678',
      'time.time_ns() // 1_000_000': '1767323045678',
      'time.mktime(datetime.now().timetuple())': '1767323045.0',
      'time.strftime("%H:%M")': '03:04',
      'datetime.now().astimezone().utcoffset()': '0:00:00',
      '(time.time() == (time.sleep(0.01), time.time())[1])': 'True',
    }
    const source =
      'import json, time\nfrom datetime import date, datetime, timezone\nresult = json.dumps([str(eval(read)) for read in {{reads}}])'
    const found = JSON.parse(
      (await resultOf(source, {}, { parameters: { reads: Object.keys(reads) } })) as string,
    )
    expect(found).toEqual(Object.values(reads))
  })

  test('to the millisecond, at every instant', async () => {
    const preRequest = [
      script(
        "import time\nfrom datetime import datetime\nresult = f'{int(time.time() * 1000)} {datetime.now():%f} {time.time_ns() // 1000}'",
      ),
    ]
    const instants = [0, 1, 999_999_999_001, 1_767_323_045_021, 2_300_000_000_003, 4_102_444_800_007]
    for (let index = 0; index < 40; index += 1) instants.push(1_767_323_045_000 + index * 13)
    for (const instant of instants) {
      const { headers } = await prepare(
        { method: 'GET', url: 'https://api.example.com/', headers: { result: '{%result%}' }, preRequest },
        { clock: () => new Date(instant), stepTimeoutMs: patienceMs },
      )
      const micros = `${String(instant % 1000).padStart(3, '0')}000`
      expect(headers[0]?.[1]).toBe(`${instant} ${micros} ${instant * 1000}`)
    }
  })

  test('every attempt has its own', async () => {
    const step = script('import time\nresult = str(time.time())')
    const at = async (milliseconds: number): Promise<string | undefined> =>
      (
        await prepare(
          { method: 'GET', url: 'https://a.example/', headers: { result: '{%result%}' }, preRequest: [step] },
          { clock: () => new Date(milliseconds), stepTimeoutMs: patienceMs },
        )
      ).headers[0]?.[1]
    expect([await at(1000), await at(2000)]).toEqual(['1.0', '2.0'])
  })
})

describe('randomness', () => {
  test('fresh interpreters, restored from one snapshot, do not repeat a nonce', async () => {
    const seen = new Set<unknown>()
    for (let index = 0; index < 2; index += 1) {
      const own = new PythonPool({ spares: 0 })
      for (const source of [
        nonce,
        'import os\nresult = os.urandom(8).hex()',
        'import uuid\nresult = str(uuid.uuid4())',
      ])
        seen.add(await fresh(source, { pool: own }))
      own.close()
    }
    expect(seen.size).toBe(6)
  })

  test('runs of one interpreter do not either', async () => {
    expect(new Set([await fresh(nonce), await fresh(nonce), await fresh(nonce)]).size).toBe(3)
  })

  test('random is pinned by the nonce of the attempt', async () => {
    expect(await resultOf(nonce)).toBe(await resultOf(nonce))
    const { headers } = await prepareWith(
      [script(nonce)],
      { headers: { result: '{%result%}' } },
      {},
      'another-nonce',
    )
    expect(headers[0]?.[1]).not.toBe(await resultOf(nonce))
  })

  test('a seed pins all of it', async () => {
    const source =
      'import os, random, secrets, uuid\nresult = f"{random.random()} {secrets.token_hex(40)} {uuid.uuid4()} {os.urandom(3)}"'
    const first = await fresh(source, { seed: 'a' })
    expect(await fresh(source, { seed: 'a' })).toBe(first)
    expect(await fresh(source, { seed: 'b' })).not.toBe(first)
    expect(await fresh(source)).not.toBe(first)
  })
})
