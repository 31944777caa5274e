import type { Page } from '@playwright/test'
import type { Server } from './server.ts'
import { Buffer } from 'node:buffer'
import { expect } from './test.ts'

export interface Manager {
  /** Sends a picture and answers its id. */
  send: (file: Buffer, alt: string) => Promise<string>
  /** Changes a copy, whichever it is. */
  patch: (path: string, change: object) => Promise<void>
}

/** Somebody who may change the menu, at the API as a program is: with a token. */
export async function manager({ origin, password }: Server): Promise<Manager> {
  const welcome = await fetch(`${origin}/api/v1/auth/token`, {
    method: 'POST',
    body: new URLSearchParams({ username: 'admin', password }),
  })
  const { access_token: token } = await welcome.json() as { access_token: string }
  const ask = async (method: string, path: string, body: FormData | string, type: Record<string, string> = {}): Promise<Response> => {
    const answer = await fetch(`${origin}/api/v1/${path}`, {
      method,
      body,
      headers: { 'authorization': `Bearer ${token}`, 'if-match': '*', ...type },
    })
    expect(answer.ok, `${method} ${path}: ${answer.status}`).toBe(true)
    return answer
  }
  return {
    send: async (file, alt) => {
      const form = new FormData()
      form.append('file', new Blob([
        new Uint8Array(file),
      ]), 'flasche.jpg')
      form.append('alt', alt)
      return (await (await ask('POST', 'pictures', form)).json() as { id: string }).id
    },
    patch: async (path, change) => {
      await ask('PATCH', path, JSON.stringify(change), { 'content-type': 'application/merge-patch+json' })
    },
  }
}

/** A picture as busy as a photo of a market: many small spots of many colours. */
export async function paint(page: Page, width: number, height: number): Promise<Buffer> {
  const address = await page.evaluate(([width, height]) => {
    const canvas = document.createElement('canvas')
    canvas.width = width
    canvas.height = height
    const pen = canvas.getContext('2d')
    if (!pen)
      throw new Error('this browser does not paint')
    for (let spot = 0; spot < width * height / 480; spot++) {
      const at = (spot * 2654435761) % 4294967296
      pen.fillStyle = `hsl(${at % 360} 45% ${20 + at % 47}%)`
      pen.fillRect((at * 7) % width, (at * 13 + spot) % height, 24 + at % 57, 18 + at % 45)
    }
    return canvas.toDataURL('image/jpeg', 0.9)
  }, [width, height] as [number, number])
  return Buffer.from(address.slice(address.indexOf(',') + 1), 'base64')
}
