import type { Vector } from '../../src/testing.ts'

/** Worked out with Python's hashlib and hmac. */
export const toyVector: Vector = {
  title: 'an order is posted',
  source: "Python's hashlib and hmac",
  context: { now: '2026-01-15T12:36:00Z', nonce: '0123456789abcdef' },
  options: { keyId: 'AK', key: 'example-key-123456' },
  request: {
    method: 'POST',
    url: 'https://api.example.com/orders?since=2026-01-01',
    headers: [['content-type', 'application/json']],
    body: { encoding: 'utf8', data: '{"a":1}' },
  },
  stages: {
    'string-to-sign':
      'POST\nhttps://api.example.com/orders?since=2026-01-01\n1768480560000\n0123456789abcdef\n015abd7f5cc57a2dd94b7590f04ad8084273905ee33ec5cebeae62276a97f862',
    signature: 'ItEVyDJAIdt1XZDpDf/VdyLrAxIppE9hTaqKiDpro6I=',
  },
  expected: {
    headers: {
      'x-date': '1768480560000',
      'x-nonce': '0123456789abcdef',
      authorization: 'Toy AK:ItEVyDJAIdt1XZDpDf/VdyLrAxIppE9hTaqKiDpro6I=',
    },
    query: [],
  },
}
