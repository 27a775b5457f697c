// Programs that others wrote, each sending to a loopback server that verifies. One that is absent is skipped.
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { Readable } from 'node:stream'
import { promisify } from 'node:util'
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { secretAccessKey } from '../support/signing.ts'
import { listenAsStore, type Store } from './store.ts'

const run = promisify(execFile)
const accessKeyId = 'AKIDEXAMPLE'
const key = "dir/a=b+c d'(1)!ü~.txt"
const content = 'hello, verifying world\n'

let store: Store
let folder: string
let file: string

beforeAll(async () => {
  store = await listenAsStore(accessKeyId, secretAccessKey)
  folder = await mkdtemp(join(tmpdir(), 'ez-clients-'))
  file = join(folder, 'file.txt')
  await writeFile(file, content)
  await writeFile(join(folder, 'empty'), '')
})
afterAll(async () => {
  await store.close()
  await rm(folder, { recursive: true })
})
beforeEach(() => store.reset())

/** The path of a program, if it is installed. */
function find(name: string): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter)
  return [...folders, '/usr/bin'].map((one) => join(one, name)).find((path) => existsSync(path))
}

const hasBoto3 = existsSync('/usr/lib/python3/dist-packages/boto3/__init__.py')
const environment = (secret: string): NodeJS.ProcessEnv => ({
  PATH: process.env.PATH,
  HOME: folder,
  AWS_ACCESS_KEY_ID: accessKeyId,
  AWS_SECRET_ACCESS_KEY: secret,
  AWS_DEFAULT_REGION: 'us-east-1',
})

/** What each program is told to do: store the file, and read it again. */
const programs: Readonly<Record<string, { isHere: boolean; send: (secret: string) => Promise<unknown> }>> = {
  rclone: {
    isHere: find('rclone') !== undefined,
    async send(secret) {
      const remote = `:s3,provider=Other,endpoint="${store.url}",access_key_id=${accessKeyId},secret_access_key="${secret}",force_path_style=true,no_check_bucket=true,region=us-east-1:bucket/${key}`
      const options = { env: environment(secret), timeout: 60_000 }
      const common = ['--config', join(folder, 'none'), '--retries', '1', '--low-level-retries', '1']
      await run('rclone', ['copyto', file, remote, ...common], options)
      await run('rclone', ['copyto', remote, join(folder, 'back.txt'), ...common], options)
    },
  },
  s3cmd: {
    isHere: find('s3cmd') !== undefined,
    async send(secret) {
      const host = store.url.replace('http://', '')
      const common = [
        '--config',
        join(folder, 'empty'),
        '--no-ssl',
        '--host',
        host,
        '--host-bucket',
        host,
        '--access_key',
        accessKeyId,
        '--secret_key',
        secret,
        '--region',
        'us-east-1',
      ]
      const options = { env: environment(secret), timeout: 60_000 }
      await run('s3cmd', ['put', file, `s3://bucket/${key}`, ...common], options)
      await run(
        's3cmd',
        ['get', '--force', `s3://bucket/${key}`, join(folder, 'back.txt'), ...common],
        options,
      )
    },
  },
  "boto3, Debian's": {
    isHere: hasBoto3,
    async send(secret) {
      const script = [
        'import sys, boto3',
        'from botocore.config import Config',
        "config = Config(s3={'addressing_style': 'path'}, retries={'max_attempts': 0}, signature_version='s3v4')",
        "s3 = boto3.client('s3', endpoint_url=sys.argv[1], config=config)",
        "s3.put_object(Bucket='bucket', Key=sys.argv[2], Body=open(sys.argv[3], 'rb'), Metadata={'a': 'one  two'})",
        "s3.get_object(Bucket='bucket', Key=sys.argv[2])['Body'].read()",
        "s3.list_objects_v2(Bucket='bucket', Prefix='di r/+', Delimiter='/')",
        'import urllib.request',
        "urllib.request.urlopen(s3.generate_presigned_url('get_object', Params={'Bucket': 'bucket', 'Key': sys.argv[2]})).read()",
      ].join('\n')
      await run('/usr/bin/python3', ['-c', script, store.url, key, file], {
        env: environment(secret),
        timeout: 60_000,
      })
    },
  },
  '@aws-sdk/client-s3': {
    isHere: true,
    async send(secret) {
      const s3 = new S3Client({
        endpoint: store.url,
        region: 'us-east-1',
        forcePathStyle: true,
        maxAttempts: 1,
        credentials: { accessKeyId, secretAccessKey: secret },
      })
      const place = { Bucket: 'bucket', Key: key }
      await s3.send(
        new PutObjectCommand({
          ...place,
          Body: content,
          ContentType: 'text/plain',
          Metadata: { a: 'one  two' },
        }),
      )
      const stream = Readable.from([content.slice(0, 5), content.slice(5)].map((part) => Buffer.from(part)))
      await s3.send(new PutObjectCommand({ ...place, Body: stream, ContentLength: content.length }))
      const { Body } = await s3.send(new GetObjectCommand(place))
      expect(await Body?.transformToString()).toBe(content)
      await s3.send(new ListObjectsV2Command({ Bucket: 'bucket', Prefix: 'di r/+', Delimiter: '/' }))
      s3.destroy()
    },
  },
}

describe.each(Object.entries(programs))('%s', (name, { isHere, send }) => {
  it.skipIf(!isHere)('is verified, and what it stores is what it was given', async () => {
    await send(secretAccessKey)
    expect(store.refused).toEqual([])
    expect(store.objects.get(`/bucket/${key}`)).toBe(content)
    expect(store.accepted).toBeGreaterThanOrEqual(2)
    console.log(`aws-sigv4 real clients: ${name}, ${store.accepted} requests verified`)
  })

  it.skipIf(!isHere)('is refused with another secret', async () => {
    await expect(send(`${secretAccessKey}x`)).rejects.toThrow()
    expect(store.accepted).toBe(0)
    expect(new Set(store.refused)).toEqual(new Set(['EZ_SIGNATURE_MISMATCH']))
  })
})
