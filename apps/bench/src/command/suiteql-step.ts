/** The flow step that reads all pages of SuiteQL to a CSV file, as a request file and a program have it. */
export const suiteqlStep = {
  id: 'export',
  method: 'POST',
  url: '{{netsuite}}/suiteql',
  query: { limit: '{%max_num%}', offset: '{%min_num%}' },
  headers: { prefer: 'transient' },
  body: { json: { q: 'SELECT id FROM customer ORDER BY id' } },
  paginate: { style: 'offset', size: 1000, items: '$.items', more: '$.hasMore' },
  output: { format: 'csv', columns: ['id', 'email', 'companyname', 'lastmodifieddate', 'balance'] },
} as const
