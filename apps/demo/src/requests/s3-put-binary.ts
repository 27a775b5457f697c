import type { DemoRequest } from '../model.ts'
import { s3Signer } from '../signers.ts'
import { inUrl } from '../tamper.ts'

// The eight bytes that every PNG begins with (PNG specification, section 5.2): not UTF-8.
const pngSignature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)

/** Bytes that are no text, under a key that must be encoded. */
export const s3PutBinary: DemoRequest = {
  name: 's3-put-binary',
  title: 'Store bytes',
  vendor: 'Amazon S3',
  template: {
    method: 'PUT',
    url: 'https://{{s3_host}}/{{image_object}}',
    headers: { 'content-type': 'image/png' },
    body: { bytes: pngSignature },
    preRequest: [s3Signer],
  },
  accepted: { status: 200 },
  tamper: inUrl('.png', '.png?acl'),
  refused: {
    'wrong-key': { status: 403, code: 'SignatureDoesNotMatch', says: '<CanonicalRequest>' },
    tampered: { status: 403, code: 'SignatureDoesNotMatch', says: '\nacl=\n' },
    'stale-clock': { status: 403, code: 'RequestTimeTooSkewed', says: '<MaxAllowedSkewMilliseconds>' },
  },
}
