import { z } from 'zod'

/**
 * What an agency's synchronous request waits for: that the gateway has its message (`accepted`), that every recipient's system has it
 * (`delivered`), or that every recipient has said what became of it (`processed`). At most 20 s; then the answer is that of `accepted`.
 */
export const AnswerAfter = z.enum(['accepted', 'delivered', 'processed']).default('accepted')

export type AnswerAfter = z.infer<typeof AnswerAfter>
