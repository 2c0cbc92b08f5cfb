/** What MineOne throws: an error with a stable code; the message names what was wrong, what was expected and what came. */

export class MineOneError extends Error {
  /** Stable, upper case, never reworded: `CBOR_NOT_CANONICAL`, `CAR_TRUNCATED`. Match on this, not on the message. */
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'MineOneError';
    this.code = code;
  }
}

/** Bytes or text that are not what a noun of the chain looks like: always the input's fault, never a fault of the program. */
export class DecodeError extends MineOneError {
  constructor(code: string, message: string, options?: ErrorOptions) {
    super(code, message, options);
    this.name = 'DecodeError';
  }

  /** The same error one level up: `BlockHeader.ticket: expected ...`. */
  within(place: string): DecodeError {
    const joint = /^[A-Za-z]\w*(\[\d+\])?[.:[]/.test(this.message) ? '.' : ': ';
    return new DecodeError(this.code, `${place}${joint}${this.message}`, { cause: this.cause });
  }
}

/** A block that a reader asked for and that its source does not hold: what makes a check «not checkable». */
export class MissingBlockError extends MineOneError {
  readonly cid: string;

  constructor(cid: string, what: string) {
    super('BLOCK_MISSING', `${what} ${cid} is not in the source`);
    this.name = 'MissingBlockError';
    this.cid = cid;
  }
}

/** A state object of a layout that is not known: named by what was seen, never guessed at. */
export class UnknownLayoutError extends MineOneError {
  constructor(message: string) {
    super('LAYOUT_UNKNOWN', message);
    this.name = 'UnknownLayoutError';
  }
}
