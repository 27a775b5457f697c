import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { EzError } from '@ez/core'

const place = '<script type="application/json" id="case">null</script>'

/**
 * Writes the page with a case in it where nobody else may read it: a folder of its own, made for this user alone. On
 * Windows, where mode bits say little, it lies in the user's own profile, which others may not enter.
 */
export async function writePrivatePage(page: string, value: object | null): Promise<string> {
  if (!page.includes(place))
    throw new EzError(
      'EZ_PROVIDER_INVALID',
      '@ez/inspector: its page takes no case. Update it together with @ez/cli.',
    )
  // Nothing in a case may end the script that holds it.
  const data = JSON.stringify(value).replaceAll('<', '\\u003c')
  const text = page.replace(place, () => place.replace('null', () => data))
  const base =
    process.platform === 'win32'
      ? join(process.env.LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local'), 'ez')
      : tmpdir()
  await mkdir(base, { recursive: true })
  const folder = await mkdtemp(join(base, 'ez-inspect-'))
  const file = join(folder, 'inspector.html')
  await writeFile(file, text, { mode: 0o600, flag: 'wx' })
  return file
}
