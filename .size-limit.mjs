// What a browser bundle gains by one import, and whole applications: minified, compressed with brotli. `limit` must hold; `goal` is where we
// want to be, and `.ci/checks/size.mjs` says which goals are missed.
const browser = (config) => ({
  ...config,
  conditions: ['browser'],
  // Without the packages' own tsconfig, whose paths lead to sources.
  tsconfigRaw: '{}',
})

/** @param {string} name @param {string} path @param {string} imported @param {string} limit @param {string} goal @param {string[]} ignore */
const entry = (name, path, imported, limit, goal, ignore) => ({
  name: `${name} (goal ${goal})`,
  path: `packages/${path}`,
  import: `{ ${imported} }`,
  limit,
  ignore,
  modifyEsbuildConfig: browser,
})

/**
 * A whole application as it is deployed: everything that the imports need, with the portable hash.
 *
 * @param {string} name @param {Record<string, string>} imports @param {string} limit @param {string} goal
 */
const application = (name, imports, limit, goal) => ({
  name: `application: ${name} (goal ${goal})`,
  import: Object.fromEntries(
    Object.entries(imports).map(([file, imported]) => [`packages/${file}`, `{ ${imported} }`]),
  ),
  limit,
  modifyEsbuildConfig: browser,
})

const core = ['@ez/core', '@ez/core/crypto']
const header = { 'aws-sigv4/dist/header.js': 'awsSigV4' }

export default [
  entry('core: prepare', 'core/dist/index.js', 'prepare', '20.5 kB', '20.5 kB', ['#crypto']),
  // 0.2 more: options are held against the vendor's own, and bodies that are framed already are refused.
  entry('aws-sigv4/header', 'aws-sigv4/dist/header.js', 'awsSigV4', '4.3 kB', '4 kB', core),
  // 0.6 more: 2.6 are the portable SHA-256, and 0.6 refuse what fetch would send otherwise, frames that are signed already,
  // and object keys that URL parsers change.
  application('sign with SigV4', { ...header, 'core/dist/sign.js': 'sign' }, '9.65 kB', '9 kB'),
  application('prepare with SigV4', { ...header, 'core/dist/index.js': 'prepare' }, '27 kB', '27 kB'),
  entry('aws-sigv4', 'aws-sigv4/dist/index.js', 'awsSigV4', '12 kB', '11 kB', core),
  entry('aws-sigv4/verify', 'aws-sigv4/dist/verify.js', 'verifyAwsSigV4', '7 kB', '6 kB', core),
  // 0.3 more than its goal: it reads keys in every form, and says what its signature covers.
  entry('netsuite-oauth1', 'netsuite-oauth1/dist/index.js', 'netsuiteOAuth1', '3.4 kB', '3 kB', core),
  // 0.5 more: paths that could be read as another resource are refused, and what is covered is said.
  entry('cosmos-auth', 'cosmos-auth/dist/index.js', 'cosmosAuth', '3.6 kB', '3 kB', core),
  // 0.5 more: fields are read as structured ones, and signatures stand side by side.
  entry(
    'http-message-signatures',
    'http-message-signatures/dist/index.js',
    'httpMessageSignatures',
    '3.6 kB',
    '3 kB',
    core,
  ),
  entry('signature', 'signature/dist/index.js', 'defineSignature', '14.9 kB', '9 kB', core),
  entry('signature/verify', 'signature/dist/verify.js', 'verifySignature', '17.1 kB', '7 kB', core),
  // 3.2 more: three schemes with the vendor's rules for each version, and SAS.
  entry('azure-storage', 'azure-storage/dist/index.js', 'azureStorage', '7.4 kB', '4 kB', core),
]
