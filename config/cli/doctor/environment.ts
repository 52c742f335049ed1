import { readEnv, type Env } from '../../env.ts'
import { fault, messageOf, ok, type Finding } from './finding.ts'

const check = 'cấu hình · configuration'

/** Reads the environment as a start of the gateway would. Null where it would not start. */
export function checkEnvironment(environment: NodeJS.ProcessEnv): {
  env: Env | null
  findings: readonly Finding[]
} {
  try {
    const env = readEnv(environment)
    return { env, findings: [ok(check, 'đủ và đúng · complete and valid')] }
  } catch (error) {
    const faults = messageOf(error).split('; ')
    const advice =
      'Đặt các biến này theo README, mục Production. · Set these variables; see the README, Production.'
    return { env: null, findings: faults.map((text) => fault(check, text, advice)) }
  }
}
