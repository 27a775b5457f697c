import type { DemoRequest } from '../model.ts'
import { s3Signer } from '../signers.ts'
import { inBody } from '../tamper.ts'

/** A text under a key that holds a space, a plus and letters outside ASCII. */
export const s3PutText: DemoRequest = {
  name: 's3-put-text',
  title: 'Store a text',
  vendor: 'Amazon S3',
  template: {
    method: 'PUT',
    url: 'https://{{s3_host}}/{{text_object}}',
    headers: { 'content-type': 'text/plain; charset=utf-8' },
    body: { text: 'Invoice 42 for {{customer}}: 19.90 €\n' },
    preRequest: [s3Signer],
  },
  accepted: { status: 200 },
  tamper: inBody('19.90', '99.90'),
  refused: {
    'wrong-key': { status: 403, code: 'SignatureDoesNotMatch', says: '<CanonicalRequest>' },
    tampered: { status: 400, code: 'XAmzContentSHA256Mismatch', says: '<S3ComputedContentSHA256>' },
    'stale-clock': { status: 403, code: 'RequestTimeTooSkewed', says: '<MaxAllowedSkewMilliseconds>' },
  },
}
