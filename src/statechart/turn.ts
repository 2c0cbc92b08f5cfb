/**
 * One turn: an input, and everything it leads to in the machines, as a pure function of the actors before it
 * (docs/architecture.md 3). Live and replay are this same function.
 */

import { MineOneError } from '../errors/mineone-error.ts';
import type { EffectAsked, EffectKey, Input, Step } from '../journal/format/record.ts';
import { hashValue, type SharedValues, type Value } from '../journal/format/value.ts';
import type { Machine, MachineEvent, MachineState, Request, Stepped } from './machine.ts';

/** What an actor waits for under an invoke's id. */
export type Open = { readonly kind: 'effect'; readonly key: EffectKey; readonly name: string; readonly input: Value } | { readonly kind: 'child' };

export interface ChartActor {
  readonly machine: Machine;
  readonly state: MachineState;
  readonly open: ReadonlyMap<string, Open>;
}

/** The living actors of one stream, by their path below it; empty when it has ended. */
export type ChartActors = ReadonlyMap<string, ChartActor>;

export interface EffectStarted {
  readonly stream: string;
  readonly actor: string;
  readonly id: string;
  readonly key: EffectKey;
  readonly name: string;
  readonly input: Value;
}

export interface Turn {
  readonly actors: ChartActors;
  readonly steps: readonly Step[];
  readonly binds: readonly { readonly n: number; readonly verdict: Value }[];
  /** To start once the record is on disk. */
  readonly started: readonly EffectStarted[];
  /** Nobody waits for these any more. */
  readonly cancelled: readonly EffectKey[];
  /** What the stream's own actor ended with; `undefined` while it goes on. */
  readonly outcome: Value | undefined;
}

export interface TurnContext {
  readonly stream: string;
  readonly seq: number;
  readonly machines: ReadonlyMap<string, Machine>;
  readonly shared: SharedValues;
  /** The one effect that is performed inside the turn; number `n` of this record. */
  readonly bind: (n: number, input: Value) => Value;
}

const BIND = 'bind';
const DIGEST_LENGTH = 8;
const ROOT = '';

/** `null`: nobody waits for this result any more, so nothing happened. Throws what a step throws. */
export function takeTurn(before: ChartActors, input: Extract<Input, { readonly type: 'start' | 'result' }>, context: TurnContext): Turn | null {
  const turn = making(before, context);
  if (input.type === 'start') start(turn, ROOT, machineNamed(context, input.machine), input.input);
  else if (!isOpen(turn, input.actor, input.id, input.key)) return null;
  else deliver(turn, input.actor, input.ok ? { kind: 'done', id: input.id, output: input.value } : { kind: 'failed', id: input.id, failure: input.value });
  return finished(turn);
}

function machineNamed({ machines }: TurnContext, name: string): Machine {
  const machine = machines.get(name);
  if (machine === undefined) throw new MineOneError('MACHINE_UNKNOWN', `there is no machine ${name}; known are ${[...machines.keys()].join(', ')}`);
  return machine;
}

/** The turn in the making: the only place where it is not yet values. */
interface TurnDraft {
  readonly context: TurnContext;
  readonly actors: Map<string, ChartActor>;
  readonly steps: Step[];
  readonly binds: { n: number; verdict: Value }[];
  /** By the number in its key. */
  readonly started: Map<number, EffectStarted>;
  readonly cancelled: EffectKey[];
  /** What follows of itself: children that start, and that are done. */
  readonly queue: (() => unknown)[];
  outcome: Value | undefined;
  next: number;
}

function making(before: ChartActors, context: TurnContext): TurnDraft {
  return { context, actors: new Map(before), steps: [], binds: [], started: new Map(), cancelled: [], queue: [], outcome: undefined, next: 0 };
}

function finished(turn: TurnDraft): Turn {
  for (let act = turn.queue.shift(); act !== undefined; act = turn.queue.shift()) act();
  const { actors, steps, binds, started, cancelled, outcome } = turn;
  return { actors, steps, binds, started: [...started.values()], cancelled, outcome };
}

function isOpen({ actors }: TurnDraft, path: string, id: string, key: EffectKey): boolean {
  const waiting = actors.get(path)?.open.get(id);
  return waiting?.kind === 'effect' && waiting.key[0] === key[0] && waiting.key[1] === key[1];
}

function start(turn: TurnDraft, path: string, machine: Machine, input: Value): void {
  take(turn, path, machine, undefined, machine.start(input));
}

function deliver(turn: TurnDraft, path: string, event: MachineEvent): void {
  const actor = turn.actors.get(path);
  // An actor that an earlier step of this turn left behind takes nothing more.
  if (actor === undefined || !actor.open.has(event.id)) return;
  take(turn, path, actor.machine, actor, actor.machine.step(actor.state, event), event.id);
}

/** `answered`: the id whose result it took, for which it waits no more. */
function take(turn: TurnDraft, path: string, machine: Machine, previous: ChartActor | undefined, result: Stepped, answered?: string): void {
  const { context, actors, steps } = turn;
  const open = new Map<string, Open>();
  if (previous !== undefined)
    for (const [id, waiting] of previous.open) {
      if (id === answered) continue;
      if (result.invoking.has(id) && !result.entered.has(id)) open.set(id, waiting);
      else drop(turn, path, id, waiting);
    }
  const effects = ask(turn, path, machine, open, result.requests);
  const actor = { machine, state: result.state, open };
  const to = stateText(result.state.value);
  steps.push({ actor: path, from: previous === undefined ? null : stateText(previous.state.value), to, effects, digest: digestOf(actor, context.shared) });
  if (result.state.status === 'active') {
    if (open.size === 0) throw new MineOneError('MACHINE_STUCK', `${context.stream}/${path} is in ${to} and waits for nothing`);
    actors.set(path, actor);
  } else finish(turn, path, result.state.output);
}

/** Children start after this step, binds are decided after it; the rest is for the world. */
function ask(turn: TurnDraft, path: string, machine: Machine, open: Map<string, Open>, requests: readonly Request[]): readonly EffectAsked[] {
  const { context, queue, started, actors } = turn;
  const asked: EffectAsked[] = [];
  for (const { id, kind, name, input } of requests) {
    if (kind === 'child') {
      const child: Open = { kind };
      open.set(id, child);
      queue.push(() => actors.get(path)?.open.get(id) === child && start(turn, below(path, id), childNamed(machine, name), input));
      continue;
    }
    const key: EffectKey = [context.seq, turn.next++];
    open.set(id, { kind, key, name, input });
    asked.push({ n: key[1], name, input });
    if (name === BIND) queue.push(() => isOpen(turn, path, id, key) && bindNow(turn, path, id, key, input));
    else started.set(key[1], { stream: context.stream, actor: path, id, key, name, input });
  }
  return asked;
}

function bindNow(turn: TurnDraft, path: string, id: string, key: EffectKey, input: Value): void {
  const verdict = turn.context.bind(key[1], input);
  turn.binds.push({ n: key[1], verdict });
  deliver(turn, path, { kind: 'done', id, output: verdict });
}

/** Whatever it had asked, and those below it, its last step has dropped. */
function finish(turn: TurnDraft, path: string, output: Value): void {
  const { actors, queue } = turn;
  actors.delete(path);
  if (path === ROOT) {
    turn.outcome = output;
    return;
  }
  const [parent, id] = [parentOf(path), idOf(path)];
  const waiting = actors.get(parent)?.open.get(id);
  // One that was entered anew meanwhile waits for another child of that name.
  queue.push(() => actors.get(parent)?.open.get(id) === waiting && deliver(turn, parent, { kind: 'done', id, output }));
}

function drop(turn: TurnDraft, path: string, id: string, waiting: Open): void {
  const { context, started, cancelled, actors } = turn;
  if (waiting.kind === 'effect') {
    const [seq, n] = waiting.key;
    if (seq !== context.seq || !started.delete(n)) cancelled.push(waiting.key);
    return;
  }
  const child = below(path, id);
  const actor = actors.get(child);
  actors.delete(child);
  for (const [inner, held] of actor?.open ?? []) drop(turn, child, inner, held);
}

function childNamed(machine: Machine, name: string): Machine {
  return machine.children.get(name) as Machine;
}

function below(path: string, id: string): string {
  return path === ROOT ? id : `${path}/${id}`;
}

function parentOf(path: string): string {
  const cut = path.lastIndexOf('/');
  return cut === -1 ? ROOT : path.slice(0, cut);
}

function idOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** `asking.head`; parallel regions as `preparing.(ticket.drawing, proof.proving)`, in the order of their names. */
export function stateText(value: Value): string {
  if (typeof value === 'string') return value;
  const text = texts.get(value as object) ?? regionsText(value as { readonly [key: string]: Value });
  texts.set(value as object, text);
  return text;
}

/** A chart's states are few, and each is one object. */
const texts = new WeakMap<object, string>();

function regionsText(value: { readonly [key: string]: Value }): string {
  const regions = Object.entries(value).map(([name, inner]) => `${name}${isEmpty(inner) ? '' : `.${stateText(inner)}`}`);
  return regions.length === 1 ? (regions[0] as string) : `(${regions.sort().join(', ')})`;
}

function isEmpty(value: Value): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

/** Effects that a stream's actors have asked for and that have no result yet. */
export function openEffects(actors: ChartActors, stream: string): readonly EffectStarted[] {
  return [...actors].flatMap(([actor, { open }]) =>
    [...open].flatMap(([id, asked]) => (asked.kind === 'effect' ? [{ stream, actor, id, key: asked.key, name: asked.name, input: asked.input }] : [])),
  );
}

function digestOf({ state, open }: ChartActor, shared: SharedValues): Uint8Array {
  const keys: [string, Value][] = [];
  for (const [id, waiting] of open) keys.push([id, waiting.kind === 'effect' ? waiting.key : null]);
  if (keys.length > 1) keys.sort(([a], [b]) => (a < b ? -1 : 1));
  return hashValue([state.status, state.value, state.context, state.output, keys], shared, DIGEST_LENGTH);
}
