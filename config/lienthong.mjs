#!/usr/bin/env node
// The command `lienthong`: from a clone it runs the TypeScript sources, elsewhere what was built. Plain JavaScript, so that npx can start it.
import { existsSync } from 'node:fs'

const source = new URL('./cli/main.ts', import.meta.url)
const built = new URL('../dist/config/cli/main.js', import.meta.url)

try {
  if (existsSync(source)) {
    const { register } = await import('tsx/esm/api')
    register()
  }
  await import(existsSync(source) ? source.href : built.href)
} catch (error) {
  if (error?.code !== 'ERR_MODULE_NOT_FOUND') throw error
  console.error('Thư viện chưa được cài; hãy chạy npm ci. · Libraries are missing: run npm ci.')
  console.error(error.message)
  process.exitCode = 1
}
