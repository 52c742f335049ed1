import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect } from 'chai'
import express from 'express'
import { messageClasses } from '../../routes/message-classes.ts'

describe('requests and responses of an app', () => {
  it('are born with the prototypes that express would give them, and do all that express lets them do', async () => {
    const app = express()
    const classes = messageClasses(app)
    const born: boolean[] = []
    app.post('/a/:id', express.text(), (req, res) => {
      born.push(
        req instanceof (classes.IncomingMessage ?? Object),
        res instanceof (classes.ServerResponse ?? Object),
      )
      born.push(Object.getPrototypeOf(req) === app.request, Object.getPrototypeOf(res) === app.response)
      res.status(201).set('x-app', String(req.app === app && res.app === app))
      res.json({ id: req.params.id, type: req.get('content-type'), body: req.body as string, ip: req.ip })
    })
    const server = createServer(classes, app).listen(0, '127.0.0.1')
    try {
      await new Promise((resolve) => server.once('listening', resolve))
      const { port } = server.address() as AddressInfo
      const url = `http://127.0.0.1:${port}/a/7`
      const answer = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'text/plain' },
        body: 'xin chào',
      })
      expect(answer.status).to.equal(201)
      expect(answer.headers.get('x-app')).to.equal('true')
      expect(await answer.json()).to.deep.equal({
        id: '7',
        type: 'text/plain',
        body: 'xin chào',
        ip: '127.0.0.1',
      })
      expect(born).to.deep.equal([true, true, true, true])
    } finally {
      server.closeAllConnections()
      server.close()
    }
  })
})
