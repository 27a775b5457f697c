import { execFileSync, type SpawnOptions } from 'node:child_process'
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { type Running, startProgram } from './program.ts'

/** Where Debian keeps the programs of each version; elsewhere they are on the PATH. */
const debian = '/usr/lib/postgresql'
const folders = [
  ...(process.env.PATH ?? '').split(delimiter),
  ...(existsSync(debian) ? readdirSync(debian).map((version) => join(debian, version, 'bin')) : []),
]
const programs = folders.findLast(
  (folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres')),
)

/** Whether PostgreSQL's server is on this machine. */
export const hasPostgres: boolean = programs !== undefined

/** Starts a PostgreSQL on loopback in a folder of its own, which is deleted when it is stopped; `more` are settings. */
export async function startPostgres(
  more: readonly string[] = [],
): Promise<Running & { readonly url: string }> {
  if (programs === undefined) throw new Error('PostgreSQL is not on this machine: skip what needs it.')
  const folder = mkdtempSync(join(tmpdir(), 'ez-postgres-'))
  const user = unprivileged()
  if (user) chownSync(folder, user.uid, user.gid)
  const options: SpawnOptions = { cwd: folder, ...user }
  const data = join(folder, 'data')
  const initial = ['-D', data, '-U', 'ez', '--auth=trust', '--encoding=UTF8', '--locale=C', '--no-sync']
  execFileSync(join(programs, 'initdb'), initial, {
    cwd: folder,
    ...user,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const settings = ['listen_addresses=127.0.0.1', `unix_socket_directories=${folder}`, 'fsync=off', ...more]
  const parameters = ['-D', data, ...settings.flatMap((setting) => ['-c', setting])]
  const postgres = await startProgram(
    join(programs, 'postgres'),
    (port) => [...parameters, '-p', String(port)],
    /ready to accept connections/,
    options,
  )
  console.log('server: PostgreSQL on loopback')
  return {
    ...postgres,
    url: `postgres://ez@127.0.0.1:${postgres.port}/postgres`,
    async stop() {
      await postgres.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** PostgreSQL refuses to run as root: then it runs as Debian's user for it, or as nobody. */
function unprivileged(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined
  const id = (flag: string): number => {
    for (const name of ['postgres', 'nobody'])
      try {
        return Number(
          execFileSync('id', [flag, name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }),
        )
      } catch {}
    return 65534
  }
  return { uid: id('-u'), gid: id('-g') }
}
