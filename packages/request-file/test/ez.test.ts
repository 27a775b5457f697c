import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { readEzExport } from '../src/ez/index.ts'
import { requestFileText } from '../src/imported/imported-request.ts'

const url = 'https://{{host}}/orders'

/** The steps of the file that an export becomes. */
function stepsOf(value: unknown): Record<string, unknown>[] {
  const text = requestFileText(readEzExport(JSON.stringify(value)))
  const file = parse(text) as { readonly steps: Record<string, unknown>[] }
  return file.steps
}
const notesOf = (value: unknown): string =>
  readEzExport(JSON.stringify(value))
    .flatMap(({ notes }) => notes)
    .join('\n')

const source = (pagination: object, more: object = {}): unknown => ({
  data: [{ 'Source Parameters': { 'Endpoint URL': url, Method: 'GET', ...more, Pagination: pagination } }],
})

describe('the pagination of an export', () => {
  it.each([
    [
      'an offset',
      {
        'Pagination Style': 'Offset Pagination',
        'User Key': 'hasMore',
        'Data Collection Key': "['items']",
        'Key to update': 'offset',
      },
      { 'Numeric Params': { 'Minimum Number': '0', 'Maximum Number': 100 } },
      {
        paginate: { style: 'offset', size: 100, start: 0, items: '$.items', more: '$.hasMore' },
        query: { offset: '{%min_num%}' },
      },
    ],
    [
      'a number of pages',
      {
        'Pagination Style': 'total_pages',
        'Data Collection Key': "['data']",
        'User key': 'total_pages',
        'Key Name to update': 'page',
      },
      {
        'Endpoint Params': [{ key: 'page', value: '{%min_num%}' }],
        'Numeric Params': { 'Minimum Number': 1, 'Maximum Number': 6 },
      },
      {
        paginate: { style: 'page', size: 6, start: 1, items: '$.data', pages: '$.total_pages' },
        query: { page: '{%min_num%}' },
      },
    ],
    [
      'a next link',
      { 'Pagination Style': 'Next URL', 'User Key': '@odata.nextLink', 'Data Collection Key': "['value']" },
      {},
      { paginate: { style: 'next-link', path: "$['@odata.nextLink']", items: '$.value' } },
    ],
    [
      'a cursor that the request places',
      {
        'Pagination Style': 'Cursor',
        'User Key': 'page.next',
        'Data Collection Key': "['bizdata_dataset_response']['data']",
      },
      { Body: { after: '{%cursor_val%}' } },
      { paginate: { style: 'cursor', path: '$.page.next', items: '$.data' } },
    ],
    [
      'an encoded token',
      {
        'Pagination Style': 'Encoded Next Token',
        'User Key': 'NextToken',
        'Key Name to Update': 'NextToken',
      },
      {},
      { paginate: { style: 'cursor', path: '$.NextToken', into: { query: 'NextToken' } } },
    ],
    [
      'numbers in the body',
      {
        'Pagination Style': 'With Body',
        'User Key': 'totalCount',
        'Data Collection Key': "['rows'][0]['list']",
      },
      { Body: { from: '{%min_num%}' }, 'Numeric Params': { 'Maximum Number': 50 } },
      { paginate: { style: 'offset', size: 50, items: '$.rows[0].list', total: '$.totalCount' } },
    ],
  ])('reads %s', (_what, pagination, more, expected) => {
    expect(stepsOf(source(pagination, more))).toMatchObject([{ id: 'source', ...expected }])
  })

  it('says what is a guess, and what it does not know', () => {
    expect(notesOf(source({ 'Pagination Style': 'Offset' }))).toContain('100 is a guess')
    expect(notesOf(source({ 'Pagination Style': 'Spiral' }))).toContain(
      'Not known, and kept here as it was: "Pagination"',
    )
    expect(notesOf(source({ 'Pagination Style': 'Custom', Script: 'offset = 1' }))).toContain(
      'assigns nothing that the request names',
    )
  })
})

describe('an integration of an export', () => {
  it('becomes a source, calls of its operations and targets for each record', () => {
    const value = {
      data: [
        {
          'Data Source': [{ 'Endpoint URL': url }],
          Operations: [
            { 'Single To Multiline': { 'Chop Key': "['orders']" } },
            { 'Endpoint URL': `${url}/{{record.id}}`, Method: 'GET' },
          ],
          Targets: [
            { 'Endpoint URL': 'https://a.example.com/', Method: 'PUT' },
            { 'Endpoint URL': 'https://b.example.com/', Method: 'POST', Body: '{"id":"{{record.id}}"}' },
          ],
          Schedule: { Frequency: 900, password: 'abcdef' },
        },
      ],
    }
    expect(stepsOf(value)).toMatchObject([
      { id: 'source', records: '$.orders' },
      { id: 'operation', each: 'source', method: 'GET' },
      { id: 'target', each: 'source', body: { json: '{{record}}' } },
      { id: 'target-2', each: 'source', body: { text: '{"id":"{{record.id}}"}' } },
    ])
    expect(notesOf(value)).toContain('Schedule')
    expect(notesOf(value)).not.toContain('abcdef')
  })

  it('of several keeps them apart, and says that they run one after the other', () => {
    const one = { Source: { 'Endpoint URL': url } }
    expect(stepsOf([one, one]).map(({ id }) => id)).toEqual(['source-1', 'source-2'])
    expect(notesOf([one, one])).toContain('2 integrations, which run one after the other')
  })

  it('with a source that is no API keeps its target as a request, and names the source', () => {
    const value = {
      Source: { Table: 'orders' },
      'Target Parameters': { 'Endpoint URL': url, Method: 'POST' },
    }
    const [target, ...others] = readEzExport(JSON.stringify(value))
    expect([target?.request.method, others]).toEqual(['POST', []])
    expect(target?.notes.join()).toContain('"Source": {"Table":"orders"}')
  })
})
