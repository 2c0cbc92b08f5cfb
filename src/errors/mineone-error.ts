/**
 * What MineOne throws: an error with a stable code; the message names what was wrong, what was expected and what came.
 */

export class MineOneError extends Error {
  /** Stable, upper case, never reworded: `CBOR_NOT_CANONICAL`, `CAR_TRUNCATED`. Match on this, not on the message. */
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'MineOneError';
    this.code = code;
  }
}

/**
 * Bytes or text that are not what a noun of the chain looks like: always the input's fault, never a fault of the
 * program.
 */
export class DecodeError extends MineOneError {
  readonly reason: string;
  /** Where in the value: `BlockHeader.beaconEntries[2].round`; empty at the outermost level. */
  readonly place: string;

  constructor(code: string, reason: string, place = '') {
    super(code, place === '' ? reason : `${place}: ${reason}`);
    this.name = 'DecodeError';
    this.reason = reason;
    this.place = place;
  }

  /** The same error seen one level further out. */
  within(outer: string): DecodeError {
    const joint = this.place === '' || this.place.startsWith('[') ? '' : '.';
    return new DecodeError(this.code, this.reason, `${outer}${joint}${this.place}`);
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
