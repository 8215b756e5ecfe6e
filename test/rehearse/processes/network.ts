/**
 * The network and the disk of a function, inside its process. Names of hosts lead to the rehearsal's own server on
 * loopback, TLS and all, so that the bundle asks whom it would ask on AWS, and no variable tells it otherwise. Whoever
 * else is asked is told on descriptor 3 and not found. What a function reads under /opt is read from its layers.
 */
import dns from 'node:dns'
import fs from 'node:fs'
import net from 'node:net'
import { join } from 'node:path'

export interface NetworkSettings {
  /** Hosts that there are. */
  readonly hosts: readonly string[]
  /** Where they are answered, on 127.0.0.1. */
  readonly port: number
  /** The function's layers, in their order: of two files of one path the later one counts. */
  readonly layerDirectories: readonly string[]
}

/** Where what is asked for against the rules is told. */
const REPORT = 3

const HTTPS_PORT = 443
const LOOPBACK = '127.0.0.1'
const LAYERS = '/opt/'

/** What `connect` is called with by node:http and node:tls. */
interface Target {
  host?: string
  port?: number | string
}

/** @param ownPort of the Runtime API, which is on loopback by its own address. */
export function confine({ hosts, port, layerDirectories }: NetworkSettings, ownPort: number): void {
  const known = new Set(hosts)
  const refuse = (whom: string) => {
    fs.writeSync(REPORT, `${whom}\n`)
    return Object.assign(new Error(`getaddrinfo ENOTFOUND ${whom}`), {
      code: 'ENOTFOUND',
      syscall: 'getaddrinfo',
      hostname: whom,
    })
  }

  const { lookup } = dns
  const confined = (host: string, ...rest: readonly unknown[]) => {
    if (known.has(host)) return Reflect.apply(lookup, dns, [LOOPBACK, ...rest])
    const callback = rest.at(-1)
    const error = refuse(host)
    if (typeof callback === 'function') setImmediate(() => callback(error))
  }
  Object.assign(dns, { lookup: confined })

  const { connect } = net.Socket.prototype
  net.Socket.prototype.connect = function (this: net.Socket, ...given: never[]) {
    const target = targetOf(given)
    const { host = LOOPBACK } = target
    if (net.isIP(host) !== 0 || host === 'localhost') {
      if (host !== LOOPBACK || Number(target.port) !== ownPort) throw refuse(`${host}:${target.port}`)
    } else if (Number(target.port) === HTTPS_PORT) target.port = port
    else throw refuse(`${host}:${target.port}`)
    return Reflect.apply(connect, this, given)
  }

  const { readFileSync } = fs
  Object.assign(fs, {
    readFileSync: (file: unknown, ...rest: readonly unknown[]) =>
      Reflect.apply(readFileSync, fs, [layered(file, layerDirectories), ...rest]),
  })
}

/** node:net hands its own calls on as a list of options and callback. */
function targetOf([first]: readonly unknown[]): Target {
  const options: unknown = Array.isArray(first) ? first[0] : first
  if (typeof options === 'object' && options !== null) return options
  throw new Error('The rehearsal knows connections by options alone')
}

function layered(file: unknown, directories: readonly string[]): unknown {
  if (typeof file !== 'string' || !file.startsWith(LAYERS)) return file
  const found = directories
    .map((directory) => join(directory, file.slice(LAYERS.length)))
    .findLast((path) => fs.existsSync(path))
  return found ?? file
}
