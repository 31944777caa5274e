import type { BrowserContext, ConsoleMessage } from '@playwright/test'
import type { Server } from './server.ts'
import { test as base, expect } from '@playwright/test'
import { startServer } from './server.ts'

interface Fixtures {
  /** Fails the test if a page said anything on its console, broke its content policy or asked another origin for something. */
  quiet: void
}

interface WorkerFixtures {
  server: Server
}

export { expect }

export const test = base.extend<Fixtures, WorkerFixtures>({
  server: [
    async ({ }, use) => {
      const server = await startServer()
      await use(server)
      await server.stop()
      expect(server.faults, 'the server’s log').toEqual([])
    },
    { scope: 'worker' },
  ],
  baseURL: async ({ server }, use) => {
    await use(server.origin)
  },
  quiet: [
    async ({ context, server }, use) => {
      const complaints = await listen(context, server.origin)
      await use()
      expect(complaints, 'what pages complained about').toEqual([])
      expect(server.faults, 'the server’s log').toEqual([])
    },
    { auto: true },
  ],
})

export async function listen(context: BrowserContext, origin: string): Promise<string[]> {
  const complaints: string[] = []
  context.on('console', message => isLostPage(message) || complaints.push(`${message.type()}: ${message.text()}`))
  context.on('weberror', error => complaints.push(error.error().message))
  context.on('request', (request) => {
    if (!request.url().startsWith(`${origin}/`))
      complaints.push(`request to ${request.url()}`)
  })
  await context.addInitScript(() => document.addEventListener('securitypolicyviolation', (event) => {
    console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`)
  }))
  return complaints
}

/** The browser itself remarks that a page that does not exist answered 404. */
function isLostPage(message: ConsoleMessage): boolean {
  return message.text().includes('status of 404') && message.location().url === message.page()?.url()
}
