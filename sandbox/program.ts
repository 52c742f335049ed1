/**
 * Folder of what has been built from these sources, where somebody says so (`npm test` does): a process of the gateway then starts in half the
 * time. Without it the sources run as they are.
 */
const built = process.env['GATEWAY_BUILT']

/** Arguments of Node, run in the project's folder, that start a program of `config/`, such as `main` or `cli/main`. */
export const programOf = (name: string): readonly string[] =>
  built === undefined ? ['--import', 'tsx', `config/${name}.ts`] : [`${built}/config/${name}.js`]
