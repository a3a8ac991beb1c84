/** A part that is closed and made anew when its settings change, because it takes them in when it is made. */

interface Part {
  start(): unknown
  stop(): Promise<void>
}

export class Renewable<P extends Part> {
  readonly #make: () => P
  #part: P
  #stopped = false
  #turn: Promise<void> = Promise.resolve()

  constructor(make: () => P) {
    this.#make = make
    this.#part = make()
  }

  get current(): P {
    return this.#part
  }

  async start(): Promise<void> {
    await this.#part.start()
  }

  /** One at a time. What comes in between is not lost: the parts that are renewed look for themselves when they start. */
  renew(): Promise<void> {
    this.#turn = this.#turn.then(() => this.#renew())
    return this.#turn
  }

  async #renew(): Promise<void> {
    if (this.#stopped) return
    await this.#part.stop()
    this.#part = this.#make()
    await this.#part.start()
  }

  async stop(): Promise<void> {
    this.#stopped = true
    await this.#turn
    await this.#part.stop()
  }
}
